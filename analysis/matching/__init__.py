"""The same follicular units and hairs at two visits: which were kept, which were lost, which are new.

`matcher.match` takes two visits' hairs and the warp between their images and gives a `Matching`;
`change.change_between` says what has changed. Nothing is imported here, as in `analysis.registration`.
"""
