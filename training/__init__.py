"""Training of the network whose maps `analysis/learned.py` reads. Nothing here is needed to run the program."""
