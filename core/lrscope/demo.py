"""The three sweeps that open the page: the classic clean, noisy and wide curves, as real trainings."""

from lrscope.spec import SweepRequest

DEMO_SWEEPS: tuple[SweepRequest, ...] = (
    SweepRequest(recipe="digits-clean", name="clean", tags=["demo"]),
    SweepRequest(recipe="digits-noisy", name="noisy", tags=["demo"]),
    SweepRequest(recipe="digits-wide", name="wide sweet spot", tags=["demo"]),
)
