"""Whether there is a screen to open a window on; Qt itself would abort the program where there is none."""

import ctypes
import ctypes.util
import os
import sys

WITHOUT_SCREEN = ("offscreen", "minimal")


def has_display() -> bool:
    """Whether a person could see a window: a Wayland session, or an X server that answers."""
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform.split(":")[0] in WITHOUT_SCREEN:
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    if os.environ.get("WAYLAND_DISPLAY"):
        return True
    return bool(os.environ.get("DISPLAY")) and _x_server_answers()


def _x_server_answers() -> bool:
    name = ctypes.util.find_library("xcb")
    if name is None:
        return False
    xcb = ctypes.CDLL(name)
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
    xcb.xcb_connection_has_error.argtypes = (ctypes.c_void_p,)
    xcb.xcb_disconnect.argtypes = (ctypes.c_void_p,)
    connection = xcb.xcb_connect(None, None)
    try:
        return bool(xcb.xcb_connection_has_error(connection) == 0)
    finally:
        xcb.xcb_disconnect(connection)
