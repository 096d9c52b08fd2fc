"""What holds for all tests."""

import os

from hypothesis import settings

settings.register_profile("lrscope", deadline=None)  # a busy machine is no failure
settings.load_profile("lrscope")

# Small models train sooner on one thread, and tests beside each other do not wait for each other's threads.
os.environ.setdefault("OMP_NUM_THREADS", "1")
