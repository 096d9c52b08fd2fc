"""What holds for all tests."""

from hypothesis import settings

settings.register_profile("lrscope", deadline=None)  # a busy machine is no failure
settings.load_profile("lrscope")
