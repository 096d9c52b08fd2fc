"""The built-in recipes: real trainings, and the three curves of the demo have the shapes they are named for."""

import functools

import numpy as np
import pytest
import torch

from lrscope import rangetest
from lrscope.curve import Curve
from lrscope.errors import InvalidInput
from lrscope.reading import Reading, read
from lrscope.recipe import load_recipes
from lrscope.spec import SweepSpec
from lrscope_workers.recipes import BUILT_IN

RECIPES = load_recipes(BUILT_IN)
SEEDS = (0, 1, 2)


@functools.cache
def swept(name: str, seed: int = 0) -> Curve:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        spec = SweepSpec(recipe=name, seed=seed)
        return Curve.of(rangetest.run(rangetest.build(RECIPES[name], spec, "cpu"), spec))
    finally:
        torch.set_num_threads(threads)


def readings(name: str) -> list[Reading]:
    return [read(swept(name, seed)) for seed in SEEDS]


def widths(name: str) -> list[float]:
    return [float(np.log10((one.high or 1) / (one.low or 1))) for one in readings(name)]


def test_the_built_in_ones_are_known_by_name() -> None:
    assert set(RECIPES) == {"digits-clean", "digits-noisy", "digits-wide", "chars-transformer", "diabetes-regression"}
    assert all(recipe.description and recipe.info.params_schema["properties"] for recipe in RECIPES.values())


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_each_one_trains_at_its_defaults_and_gets_a_suggestion(name: str) -> None:
    curve = swept(name)
    reading = read(curve)
    assert len(curve) > 50
    assert np.ptp(curve.loss[np.isfinite(curve.loss)]) > 0.1
    assert reading.suggestion is not None
    assert reading.diverges_at is not None


def test_a_seed_is_a_curve_bit_for_bit() -> None:
    first = swept("digits-noisy")
    swept.cache_clear()
    assert first.loss.tolist() == swept("digits-noisy").loss.tolist()


def test_the_noisy_curve_is_noisier_and_the_clean_one_clean() -> None:
    clean, noisy = readings("digits-clean"), readings("digits-noisy")
    assert max(one.noise or 1 for one in clean) < 0.02
    assert np.median([one.noise or 0 for one in noisy]) > 3 * np.median([one.noise or 0 for one in clean])


def test_the_wide_sweet_spot_is_wider() -> None:
    assert np.median(widths("digits-wide")) > np.median(widths("digits-clean")) + 0.8
    assert min(widths("digits-wide")) > max(widths("digits-clean"))


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("digits-clean", {"batch_size": 1}),
        ("digits-noisy", {"label_noise": 0.95}),
        ("digits-wide", {"momentum": 1.0}),
        ("chars-transformer", {"nope": 1}),
    ],
)
def test_a_parameter_out_of_its_bounds_is_named(name: str, params: dict[str, float]) -> None:
    with pytest.raises(InvalidInput, match=next(iter(params))):
        RECIPES[name].check(params)
