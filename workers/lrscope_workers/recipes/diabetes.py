"""Regression: the progression of diabetes from ten measures (scikit-learn's data, 442 patients)."""

from typing import Annotated

import torch
from pydantic import Field
from sklearn.datasets import load_diabetes
from torch import nn
from torch.nn import functional as F

from lrscope.problem import Problem
from lrscope.recipe import recipe
from lrscope_workers.recipes.batches import Shuffled


@recipe(name="diabetes-regression")
def diabetes_regression(
    batch_size: Annotated[int, Field(ge=1, le=442, description="Patients per step.")] = 64,
    width: Annotated[int, Field(ge=1, le=512, description="Units of the hidden layer.")] = 32,
    weight_decay: Annotated[float, Field(ge=0, le=1, description="Of AdamW.")] = 0.01,
) -> Problem:
    """A small network on medical measures with AdamW: a squared loss, not a cross entropy."""
    data = load_diabetes()
    x = torch.tensor(data.data, dtype=torch.float32)
    y = torch.tensor(data.target, dtype=torch.float32)[:, None]
    x, y = (x - x.mean(0)) / x.std(0), (y - y.mean()) / y.std()
    model = nn.Sequential(nn.Linear(10, width), nn.ReLU(), nn.Linear(width, 1))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1, weight_decay=weight_decay)
    return Problem(model, optimizer, F.mse_loss, Shuffled((x, y), batch_size))
