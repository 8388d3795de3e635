"""Settings for all tests, made before anything imports torch."""

import os

# Small networks gain nothing from a second thread, and lose much where other work runs beside.
os.environ.setdefault("OMP_NUM_THREADS", "1")
