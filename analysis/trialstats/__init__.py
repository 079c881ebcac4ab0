"""The statistics of a small trial: values of subjects at visits in, estimates with their uncertainty out.

What cannot be computed is NaN with a reason beside it. Imports nothing by itself: scipy takes long to start.
"""
