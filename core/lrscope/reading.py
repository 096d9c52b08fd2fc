"""read(curve) -> Reading: what a curve says about the learning rate, or why it says nothing.

Seen from left to right a range test is flat (too low), falls (the sweet spot), turns up and blows up. Its shape
(lrscope.shape) tells of the best rate by its floor and by its rise; a curve that does not fall, by the onset of its
noise as well; the optimizer, where it is known, is a weak voice beside them. Together they are a belief
(lrscope.belief), and the suggestion is its median. docs/science.md has the model, what each constant means, and how
good it is.
"""

from collections.abc import Sequence
from math import log10
from typing import Literal

import numpy as np
from pydantic import ConfigDict, Field

from lrscope.belief import Belief, prior_of
from lrscope.curve import Curve, FloatArray, first_nonfinite, pool
from lrscope.errors import InvalidInput
from lrscope.rules import OURS, THEIRS, Rule
from lrscope.shape import EDGE, MIN_POINTS, WIDTH, Shape
from lrscope.spec import Frozen

BELOW_CURVE = 0.4  # decades: how far to the right of a rate a range test shows what a training at it will lose

ReasonCode = Literal[
    "too_few_points", "no_descent", "no_divergence", "min_at_edge", "noisy", "flat_start_missing", "already_trained",
    "non_monotone", "cut_short",
]  # fmt: skip

SENTENCES: dict[ReasonCode, str] = {
    "too_few_points": f"Fewer than {MIN_POINTS} finite points: too few to read.",
    "no_descent": "The loss never falls clearly below its start: nothing here prefers one rate. "
    "Check that the model trains at all, or use bigger batches for the test.",
    "already_trained": "The loss hardly falls before it blows up, as when training goes on from trained weights. "
    "The suggestion is only what the blow-up allows: try it, and lower ones.",
    "no_divergence": "The loss never turns up again: the sweep ended before the limit. Raise end_lr.",
    "min_at_edge": "The lowest loss is at the very end of the curve, so the best rate may lie beyond. Raise end_lr.",
    "noisy": "The noise is a large share of the drop: read the number loosely, or sweep several seeds.",
    "flat_start_missing": "The loss falls from the first step on: the sweep began inside the sweet spot. "
    "Lower start_lr to see all of it.",
    "non_monotone": "The loss falls, rises by more than its noise, and falls again: two rates look good, and one test "
    "cannot tell which is better. Sweep several seeds, use bigger batches, or a narrower range around one of them.",
    "cut_short": "The sweep was cut short, so the rates beyond were not tried. Run it to its end.",
}
LEFT_OPEN: frozenset[ReasonCode] = frozenset({"no_descent", "no_divergence", "min_at_edge"})  # by a sweep cut short


class Reason(Frozen):
    code: ReasonCode
    text: str


class Region(Frozen):
    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    name: Literal["too_low", "sweet_spot", "unstable", "diverged"]
    start: float = Field(alias="from")
    end: float = Field(alias="to")
    decades: float


class Reading(Frozen):
    """What the curve says. Rates are learning rates; `noise` is a share of the drop from start to minimum."""

    suggestion: float | None
    low: float | None = Field(description="Where the sweet spot begins: half of the drop is done.")
    high: float | None = Field(description="Where it ends: the last rate still within a tenth of the floor.")
    diverges_at: float | None
    confidence: float = Field(ge=0, le=1, description="Chance that the suggestion is as good as the best rate.")
    reasons: list[Reason]
    rules: dict[str, float | None]
    spreads: dict[str, float | None] = Field(
        default={}, description="Of several seeds: each rule's standard deviation over them, in decades."
    )
    regions: list[Region]
    curves: int = Field(default=1, description="How many were read as one: the seeds of a group.")
    noise: float | None = Field(description="Robust standard deviation around the smooth; null without a drop.")
    warnings: list[str] = []


def read(curve: Curve | Sequence[Curve], optimizer: str | None = None) -> Reading:
    """Read one curve, or several of the same sweep with other seeds, pooled.

    `optimizer`: its name, such as AdamW; a weak hint, which only matters where the curve says little. By default the
    curve's own. Never raises for valid curves, whatever their losses; answers lie within the swept rates.

    Raises InvalidInput for no curve at all.
    """
    curves = [curve] if isinstance(curve, Curve) else list(curve)
    if not curves:
        raise InvalidInput.of("curves", curves, "must be at least one")
    whole = pool(curves)
    rules, spreads = _rules(curves)
    broke = first_nonfinite(whole.loss)
    lr, loss = whole.lr[:broke], whole.loss[:broke]
    broke_at = float(whole.lr[broke]) if broke is not None else None
    if len(lr) < MIN_POINTS or lr[0] == lr[-1]:
        return _nothing(["too_few_points"], rules, spreads, broke_at)
    shape = Shape.of(lr, loss)
    for name, rule in OURS.items():
        rules[name] = _inside(shape.ask(rule), lr)
    rise = shape.rise()
    if rise is None and broke_at is not None:
        rise = log10(broke_at)
    blown = shape.blown() if shape.deep else rise
    diverges_at = broke_at if blown is None else _inside(10.0**blown, whole.lr)
    if not shape.deep and rise is None:
        return _nothing(["no_descent"], rules, spreads, None)
    belief = Belief.of(
        shape.x,
        shape.floor(),
        rise,
        None if shape.falls else shape.onset(),
        prior_of(optimizer or curves[0].optimizer),
        shallow=not shape.falls,
    )
    at = belief.median
    if not shape.deep and at < shape.x[0]:  # the bound lies below the swept rates
        return _nothing(["no_descent"], rules, spreads, diverges_at)
    suggestion = float(np.clip(10.0**at, lr[0], lr[-1]))
    reasons = _reasons(shape, rise)
    low, high = shape.sweet_spot() if shape.deep else (None, None)
    if low is not None and high is not None:
        low, high = min(low, suggestion), max(high, suggestion)
    return Reading(
        suggestion=suggestion,
        low=low,
        high=high,
        diverges_at=diverges_at,
        confidence=round(belief.confidence(at, shape.depth), 3),
        reasons=_explain(reasons),
        rules=rules,
        spreads=spreads,
        regions=_regions(whole, low, high, diverges_at),
        curves=len(curves),
        noise=shape.noise,
    )


def cut_short(reading: Reading) -> Reading:
    """The reading of a sweep that was cancelled or failed: what it did not get to is no fault of its range."""
    kept = [reason for reason in reading.reasons if reason.code not in LEFT_OPEN]
    if len(kept) == len(reading.reasons):
        return reading
    return reading.model_copy(update={"reasons": [*_explain(["cut_short"]), *kept]})


def expected_regret(curve: Curve | Sequence[Curve], rates: FloatArray) -> FloatArray | None:
    """Share of a curve's drop that a training at each of `rates` should lose; None for a curve that never falls.

    It is the smoothed curve itself, in units of its drop, read BELOW_CURVE decades to the right: the loss at a rate
    was earned at the lower ones before it. 0 on the floor, 1 at the start's level and 1.5 at most, as beyond a blow-up.
    """
    whole = pool([curve] if isinstance(curve, Curve) else list(curve))
    broke = first_nonfinite(whole.loss)
    lr, loss = whole.lr[:broke], whole.loss[:broke]
    if len(lr) < MIN_POINTS or lr[0] == lr[-1]:
        return None
    shape = Shape.of(lr, loss)
    if not shape.deep:
        return None
    share = np.clip((shape.fit - shape.fit[shape.lowest]) / shape.drop, 0.0, 1.5)
    rise = shape.blown()
    if rise is not None:
        share = np.where(shape.x > rise, 1.5, share)
    at = np.log10(rates) + BELOW_CURVE
    last = 1.5 if rise is not None or broke is not None else float(share[-1])
    regret: FloatArray = np.interp(at, shape.x, share, right=last)
    return regret


# ── the answer ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _reasons(shape: Shape, rise: float | None) -> list[ReasonCode]:
    found: list[ReasonCode] = []
    if not shape.deep:
        found.append("already_trained")
    elif shape.sigma > 0.25 * shape.drop:
        found.append("noisy")
    if shape.deep and shape.lowest >= len(shape.x) - 2:
        found.append("min_at_edge")
    if rise is None:
        found.append("no_divergence")
    if shape.deep and shape.two_valleys:
        found.append("non_monotone")
    fallen = np.flatnonzero(shape.fit < shape.start - EDGE * shape.drop)
    if shape.deep and len(fallen) and shape.x[fallen[0]] < shape.x[0] + 2 * WIDTH:
        found.append("flat_start_missing")
    return found


def _rules(curves: Sequence[Curve]) -> tuple[dict[str, float | None], dict[str, float | None]]:
    """(every rule's rate, its spread over seeds): of several curves the median, in decades."""
    rules: dict[str, float | None] = dict.fromkeys([*OURS, *THEIRS])
    spreads: dict[str, float | None] = {}
    finite = [(c.lr[: first_nonfinite(c.loss)], c.loss[: first_nonfinite(c.loss)]) for c in curves]
    for name, rule in THEIRS.items():
        given = [rate for lr, loss in finite if len(lr) >= MIN_POINTS and (rate := _tried(rule, lr, loss)) is not None]
        if given:
            rules[name] = float(10.0 ** np.median(np.log10(given)))
        if len(curves) > 1:
            spreads[name] = float(np.std(np.log10(given))) if len(given) > 1 else None
    return rules, spreads


def _tried(rule: Rule, lr: FloatArray, loss: FloatArray) -> float | None:
    """A rule's rate within the curve's own; None where rates repeat or losses are too large for its arithmetic."""
    with np.errstate(all="ignore"):
        rate = rule(lr, loss) if (np.diff(lr) > 0).all() else None
    return None if rate is None or not np.isfinite(rate) else _inside(rate, lr)


def _nothing(
    codes: list[ReasonCode],
    rules: dict[str, float | None],
    spreads: dict[str, float | None],
    diverges_at: float | None,
) -> Reading:
    return Reading(
        suggestion=None,
        low=None,
        high=None,
        diverges_at=diverges_at,
        confidence=0.0,
        reasons=_explain(codes),
        rules=rules,
        spreads=spreads,
        regions=[],
        noise=None,
    )


def _explain(codes: list[ReasonCode]) -> list[Reason]:
    return [Reason(code=code, text=SENTENCES[code]) for code in codes]


def _regions(curve: Curve, low: float | None, high: float | None, diverges_at: float | None) -> list[Region]:
    """The swept range cut at low, high and divergence; empty parts are left out."""
    if low is None or high is None:
        return []
    end = float(curve.lr[-1])
    cuts = [float(curve.lr[0]), low, high, min(max(diverges_at or end, high), end), end]
    names: list[Literal["too_low", "sweet_spot", "unstable", "diverged"]]
    names = ["too_low", "sweet_spot", "unstable", "diverged"]
    return [
        Region(name=name, start=a, end=b, decades=round(float(np.log10(b / a)), 4))
        for name, a, b in zip(names, cuts, cuts[1:], strict=False)
        if b > a
    ]


def _inside(rate: float | None, lr: FloatArray) -> float | None:
    return None if rate is None else float(np.clip(rate, lr[0], lr[-1]))
