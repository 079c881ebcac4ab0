"""Processes to measure with, one a core, each with one thread."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import cv2


def pool() -> ProcessPoolExecutor:
    """A pool of them; started afresh, as a fork of a process in which OpenCV has used threads waits for ever."""
    return ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=cv2.setNumThreads, initargs=(1,))
