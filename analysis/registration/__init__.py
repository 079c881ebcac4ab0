"""Registration of a later visit to the first: from the places of follicular units to a smooth transform.

Hair lies differently at every visit, so it is no landmark; the units' places in the skin are. `registering.register`
does it. Nothing is imported here: the study needs the results' types at the start, and scipy only when it registers.
"""
