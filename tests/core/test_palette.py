"""The colours can be told apart, on white and on the dark surface, with every kind of colour vision."""

from itertools import combinations

import numpy as np
import pytest

from lrscope.curve import FloatArray
from lrscope.palette import DASHES, PALETTE, color_of, dash_of, free_slot

GROUNDS = ("#ffffff", "#13161b")  # --surface of the page in both themes
APART = 0.08  # in OKLab; Okabe and Ito's seven come to 0.076 on white alone

# What is left of linear RGB: Machado, Oliveira & Fernandes 2009, severity 1
VISIONS = {
    "normal": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
# Ottosson 2020: linear sRGB to cone responses, their cube roots to OKLab
CONES = [
    [0.41222147, 0.53633254, 0.05144599],
    [0.21190350, 0.68069955, 0.10739696],
    [0.08830246, 0.28171884, 0.62997870],
]
OKLAB = [
    [0.21045426, 0.79361779, -0.00407205],
    [1.97799850, -2.42859221, 0.45059371],
    [0.02590404, 0.78277177, -0.80867577],
]


def linear(color: str) -> FloatArray:
    channels = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def oklab(rgb: FloatArray) -> FloatArray:
    return np.array(np.array(OKLAB) @ np.cbrt(np.array(CONES) @ rgb))


def luminance(color: str) -> float:
    return float(linear(color) @ [0.2126, 0.7152, 0.0722])


def seen(color: str, vision: str) -> FloatArray:
    return oklab(np.clip(np.array(VISIONS[vision]) @ linear(color), 0, 1))


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("color", PALETTE)
def test_every_colour_stands_out_on_both_surfaces(color: str, ground: str) -> None:
    low, high = sorted((luminance(color), luminance(ground)))
    assert (high + 0.05) / (low + 0.05) >= 3


@pytest.mark.parametrize("vision", VISIONS)
def test_any_two_colours_can_be_told_apart_with_every_kind_of_colour_vision(vision: str) -> None:
    apart = {
        pair: float(np.linalg.norm(seen(pair[0], vision) - seen(pair[1], vision))) for pair in combinations(PALETTE, 2)
    }
    assert min(apart.values()) >= APART, min(apart, key=apart.__getitem__)


def test_the_measure_is_the_published_one() -> None:
    assert oklab(linear("#ffffff")) == pytest.approx([1, 0, 0], abs=1e-4)
    assert oklab(linear("#ff0000")) == pytest.approx([0.62796, 0.22486, 0.12585], abs=1e-4)


def test_after_the_last_colour_comes_the_first_one_dashed() -> None:
    assert [color_of(0), color_of(8), color_of(15)] == [PALETTE[0], PALETTE[0], PALETTE[7]]
    assert [dash_of(0), dash_of(7), dash_of(8), dash_of(8 * len(DASHES))] == ["solid", "solid", "dash", "solid"]


def test_the_lowest_free_slot_is_taken() -> None:
    assert [free_slot(taken) for taken in ([], [0, 1], [1, 2], [0, 0, 5])] == [0, 2, 0, 1]
