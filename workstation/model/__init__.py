"""The study as frozen values: subjects, visits, images, reads, hairs and follicular units.

Nothing here changes in place. An edit makes a `Patch`; `patch.apply` gives the next study.
"""
