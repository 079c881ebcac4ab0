"""Files on disk: the study as HDF5, the journal, the lock. The only place that knows HDF5.

HDF5 loads filter plugins from folders that an environment variable names; a study needs none, so loading is switched
off before the library starts.
"""

import os

os.environ["HDF5_PLUGIN_PRELOAD"] = "::"
