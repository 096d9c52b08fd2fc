"""From a pick to a training: the schedule that uses the rate, what it means, and the rates it sets step by step."""

from typing import Literal

from pydantic import Field

from lrscope.errors import InvalidInput
from lrscope.schedules import Rates, constant, on_plateau, one_cycle, step_decay, warmup_cosine
from lrscope.spec import Frozen, Lr

Schedule = Literal["one_cycle", "warmup_cosine", "step", "plateau", "constant"]

MOST_STEPS = 1_000_000  # of one training: a page waits for its picture
BELOW = 3  # a constant rate, and one that is only lowered later, begin at the pick over this
WARMUP = 0.05  # of the steps
DROPS = 3  # parts of a training between which StepLR lowers the rate
PATIENCE = 3  # epochs
EXAMPLE = "a validation loss that halves every tenth of the training, and stands still from its middle on"


class Plan(Frozen):
    """A training of `epochs` times `steps_per_epoch` steps that uses a picked rate."""

    schedule: Schedule = "one_cycle"
    pick: Lr
    epochs: int = Field(default=10, ge=1, le=10_000)
    steps_per_epoch: int = Field(default=100, ge=1, le=1_000_000)

    @property
    def steps(self) -> int:
        return self.epochs * self.steps_per_epoch

    @property
    def lr(self) -> float:
        """The rate that the code names: the pick as a peak, or less where it is held."""
        return float(f"{self.pick / (BELOW if self.schedule in ('constant', 'step', 'plateau') else 1):.2g}")

    @property
    def warmup(self) -> int:
        return max(1, min(round(WARMUP * self.steps), self.steps - 1))

    @property
    def every(self) -> int:
        """Epochs between two drops of StepLR."""
        return max(1, round(self.epochs / DROPS))


def rates(plan: Plan) -> Rates:
    """The rate of every step. Raises InvalidInput where the training is too long, or too short for its schedule."""
    if plan.steps > MOST_STEPS:
        raise InvalidInput.of("epochs", plan.epochs, f"times the steps of an epoch must be at most {MOST_STEPS}")
    if plan.schedule == "one_cycle":
        return one_cycle(plan.lr, plan.steps)
    if plan.schedule == "warmup_cosine":
        if plan.steps < 2:
            raise InvalidInput.of("epochs", plan.epochs, "needs two steps at least, to warm up and to come down")
        return warmup_cosine(plan.lr, plan.steps, plan.warmup)
    if plan.schedule == "step":
        return step_decay(plan.lr, plan.steps, plan.every * plan.steps_per_epoch)
    if plan.schedule == "plateau":
        each = on_plateau(plan.lr, example(plan.epochs), patience=PATIENCE)
        return [lr for lr in each for _ in range(plan.steps_per_epoch)]
    return constant(plan.lr, plan.steps)


def example(epochs: int) -> list[float]:
    """The metric that ReduceLROnPlateau is drawn for: it halves every tenth of the training, until its middle."""
    return [0.5 ** (min(epoch, epochs / 2) / (epochs / 10)) for epoch in range(epochs)]


def thinned(values: Rates, most: int = 400) -> list[tuple[int, float]]:
    """(step, rate) of about `most` points, among them both sides of every jump, the first, the peak, the last."""
    last = len(values) - 1
    stride = max(1, -(-len(values) // most))
    kept = {*range(0, last + 1, stride), last, max(range(last + 1), key=values.__getitem__)}
    jumps = (at for at in range(1, last + 1) if not 0.6 < values[at] / values[at - 1] < 1.6)
    kept |= {k for at in jumps for k in (at - 1, at)}
    return [(step, values[step]) for step in sorted(kept)]


NAMES: dict[Schedule, str] = {
    "one_cycle": "OneCycle",
    "warmup_cosine": "Warm-up + cosine",
    "step": "StepLR",
    "plateau": "ReduceLROnPlateau",
    "constant": "Constant",
}

# When to use which, and what a range test has to do with it.
MEANING: dict[Schedule, str] = {
    "one_cycle": (
        "For training from scratch with a known number of steps, and the schedule the range test was made for: "
        "the pick is max_lr. The rate climbs from pick/25 in the first 30 % of the steps, so the highest rates "
        "are held only briefly, and falls to almost nothing. Momentum goes the other way, from 0.95 to 0.85 and "
        "back; torch does that to an SGD that had none too, which is a different training from the one tested. In "
        "our 90 trainings the best peak lay about twice above the best constant rate, so on a calm curve there "
        "is room upwards. Smith 2017 (1708.07120), 2018 (1803.09820)."
    ),
    "warmup_cosine": (
        "The usual choice for transformers and Adam-like optimizers, and for fine-tuning: the pick is the peak. A "
        "range test raises the rate slowly, so it has warmed up before it reaches the pick; a training that "
        "begins there at once has not, and the warm-up gives it the same. The peak is held longer than in "
        "OneCycle: when in doubt stay in the left half of the sweet spot. Loshchilov and Hutter 2016 "
        "(1608.03983)."
    ),
    "step": (
        "The classic for convolutional nets with SGD: a high rate as long as it helps, then ten times less, "
        "twice. The first part is a constant rate for a third of the training, so it begins at a third of the "
        "pick: Smith (2015, 1506.01186; 2018, 1803.09820) puts the lower bound 3 to 4 times below the largest "
        "rate that converges. It needs no total length, but you must know when to drop."
    ),
    "plateau": (
        "When you do not know how long to train: the rate falls tenfold whenever the validation loss has stood "
        "still for more than 3 epochs. Until then it is constant, so it begins at a third of the pick, like "
        f"StepLR. It can only go down: begin too low and it never recovers. Drawn for {EXAMPLE}; yours will "
        "differ."
    ),
    "constant": (
        "For short runs, debugging and comparisons. A range test passes each rate once; a constant one is held "
        "for the whole training, so take less than the pick: a third (Smith 2015 and 2018: 3 to 4 times below the "
        "largest that converges), a tenth for long or unstable trainings. In our 90 trainings the best constant "
        "rate lay about half as high as the best peak of OneCycle and never above it; a tenth of that peak gave "
        "away 18 % of the drop. lrscope’s own suggestion is read lower than the edge that people pick: short "
        "trainings stand it as it is."
    ),
}
