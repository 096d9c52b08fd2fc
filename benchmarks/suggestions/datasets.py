"""The data: what comes with Python and scikit-learn, so that all works offline, and what scikit-learn can make."""

import io
import pydoc_data.topics
from collections.abc import Callable
from contextlib import redirect_stderr
from functools import cache
from typing import Any

import numpy as np
import torch
from sklearn import datasets

Tensors = tuple[torch.Tensor, torch.Tensor]
LETTERS = "abcdefghijklmnopqrstuvwxyz .,\n"
BEFORE = {"low-digits": "high-digits", "text": "other-text", "generated": "other-generated", "patches": "flower"}
# of a fine-tuning: the data that was trained on first, and the data that follows


@cache
def data(name: str) -> Tensors:
    """(x, y), standardised but for the raw; y are classes, or targets of a regression. Raises KeyError."""
    return DATA[name]()


def _digits(classes: range = range(10)) -> Tensors:
    found = datasets.load_digits()
    chosen = np.isin(found.target, classes)
    x, y = found.data.astype(np.float32) / 8 - 1, found.target - classes.start
    return torch.tensor(x[chosen]), torch.tensor(y[chosen])


def _pictures() -> Tensors:
    x, _ = data("digits")
    return x, x


def _table(load: Callable[[], Any]) -> Tensors:
    found = load()
    return _standard(found.data), torch.tensor(found.target)


def _raw() -> Tensors:
    """As people forget to standardise: areas of a thousand beside shares of a thousandth."""
    found = datasets.load_breast_cancer()
    return torch.tensor(found.data, dtype=torch.float32), torch.tensor(found.target)


def _photo(name: str) -> Tensors:
    with redirect_stderr(io.StringIO()):
        photo = datasets.load_sample_image(name).astype(np.float32).mean(2) / 255
    windows = np.lib.stride_tricks.sliding_window_view(photo, (8, 8))[::12, ::12].reshape(-1, 64)
    x = _standard(windows[:2000])
    return x, x


def _text(begin: int, end: int, context: int = 12) -> Tensors:
    """The letters of some of Python's help topics: `context` of them, and the one that follows."""
    text = "".join(pydoc_data.topics.topics[k] for k in sorted(pydoc_data.topics.topics)[begin:end]).lower()
    codes = np.array([LETTERS.index(c) for c in text if c in LETTERS][: 3000 + context])
    windows = np.lib.stride_tricks.sliding_window_view(codes, context + 1)[:3000]
    return torch.tensor(windows[:, :-1].copy()), torch.tensor(windows[:, -1].copy())


def _targets(made: tuple[Any, Any]) -> Tensors:
    return _standard(made[0]), _standard(made[1].reshape(-1, 1))


def _classes(made: tuple[Any, Any]) -> Tensors:
    return _standard(made[0]), torch.tensor(made[1])


def _generated(seed: int) -> Tensors:
    return _classes(datasets.make_classification(1200, 20, n_informative=8, n_classes=4, flip_y=0.1, random_state=seed))


def _hastie() -> Tensors:
    x, y = datasets.make_hastie_10_2(1500, random_state=0)
    return _classes((x, (y > 0).astype(np.int64)))


def _standard(values: np.ndarray[Any, Any]) -> torch.Tensor:
    values = np.asarray(values, dtype=np.float32)
    spread = values.std(0)
    return torch.tensor((values - values.mean(0)) / np.where(spread > 0, spread, 1))


DATA: dict[str, Callable[[], Tensors]] = {
    "digits": _digits,
    "low-digits": lambda: _digits(range(5)),
    "high-digits": lambda: _digits(range(5, 10)),
    "pictures": _pictures,
    "cancer": lambda: _table(datasets.load_breast_cancer),
    "raw-cancer": _raw,
    "wine": lambda: _table(datasets.load_wine),
    "iris": lambda: _table(datasets.load_iris),
    "diabetes": lambda: _targets(datasets.load_diabetes(return_X_y=True)),
    "patches": lambda: _photo("china.jpg"),
    "flower": lambda: _photo("flower.jpg"),
    "text": lambda: _text(0, 8),
    "other-text": lambda: _text(30, 50),
    "friedman": lambda: _targets(datasets.make_friedman1(1000, noise=1.0, random_state=0)),
    "regression": lambda: _targets(datasets.make_regression(600, 30, noise=20.0, effective_rank=8, random_state=0)),
    "generated": lambda: _generated(0),
    "other-generated": lambda: _generated(1),
    "circles": lambda: _classes(datasets.make_circles(800, noise=0.1, factor=0.5, random_state=0)),
    "hastie": _hastie,
    "moons": lambda: _classes(datasets.make_moons(800, noise=0.2, random_state=0)),
}
