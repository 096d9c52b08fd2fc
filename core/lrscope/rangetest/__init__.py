"""The learning-rate range test. The only package of core that imports torch.

loop       the test itself, and building a recipe's problem
rates      the rates of every parameter group
stepping   one optimizer step
feeding    batches without end, moved ahead to the device
pending    losses on their way from the device
graphing   forward and backward pass as one CUDA graph
preflight  what is looked at before the first step
keeping    everything put back as it was
ranks      one test on several processes
inplace    range_test(): the same for notebooks and scripts
"""

from lrscope.rangetest.inplace import range_test
from lrscope.rangetest.keeping import kept
from lrscope.rangetest.loop import Outcome, RangeTest, build, run, seed_everything
from lrscope.rangetest.preflight import compiled

__all__ = ["Outcome", "RangeTest", "build", "compiled", "kept", "range_test", "run", "seed_everything"]
