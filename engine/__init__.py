"""Everhost's engine: the rooms from catalogue to packets, and the processes that run them."""

import os

# Matrices here are small: OpenBLAS's second thread would only spin between two products, and cost a whole core. NumPy
# reads this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
