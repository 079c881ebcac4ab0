"""The same follicular units and hairs at two visits: which were kept, which were lost, which are new."""
