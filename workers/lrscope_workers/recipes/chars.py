"""Language: the next character of Python's own documentation, by a small transformer."""

from collections.abc import Iterator
from functools import cache
from pydoc_data.topics import topics
from typing import Annotated

import torch
from pydantic import Field
from torch import nn
from torch.nn import functional as F

from lrscope.problem import Problem
from lrscope.recipe import recipe


@recipe(name="chars-transformer")
def chars_transformer(
    batch_size: Annotated[int, Field(ge=1, le=256, description="Snippets per step.")] = 16,
    context: Annotated[int, Field(ge=8, le=256, description="Characters in a snippet.")] = 32,
    width: Annotated[int, Field(ge=16, le=256, multiple_of=16, description="Of the embedding.")] = 32,
    layers: Annotated[int, Field(ge=1, le=6, description="Transformer blocks.")] = 1,
) -> Problem:
    """A small character-level transformer on the text of Python's documentation, with AdamW."""
    text, letters = _text()
    model = Transformer(letters, context, width, layers)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1)
    return Problem(model, optimizer, _loss, Snippets(text, context, batch_size))


class Transformer(nn.Module):
    """Letters of shape (batch, context) → logits of the letter after each, (batch, context, letters)."""

    mask: torch.Tensor

    def __init__(self, letters: int, context: int, width: int, layers: int) -> None:
        super().__init__()
        self.letter = nn.Embedding(letters, width)
        self.place = nn.Parameter(torch.randn(context, width) * 0.02)
        block = nn.TransformerEncoderLayer(width, 4, 4 * width, dropout=0.0, batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(block, layers, enable_nested_tensor=False)
        self.out = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, letters))
        self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(context), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        hidden = self.blocks(self.letter(x) + self.place, mask=self.mask, is_causal=True)
        logits: torch.Tensor = self.out(hidden)
        return logits


class Snippets:
    """Snippets from random places of the text, without end; each with itself shifted by one letter."""

    def __init__(self, text: torch.Tensor, context: int, batch_size: int) -> None:
        self.text, self.context, self.batch_size = text, context, batch_size

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        window = torch.arange(self.context)
        while True:
            starts = torch.randint(0, len(self.text) - self.context - 1, (self.batch_size, 1))
            yield self.text[starts + window], self.text[starts + window + 1]


def _loss(logits: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(logits.flatten(0, 1), y.flatten())


@cache
def _text() -> tuple[torch.Tensor, int]:
    """(the documentation as numbers of letters, how many letters there are)"""
    text = "\n".join(topics[name] for name in sorted(topics))
    letters = sorted(set(text))
    number = {letter: i for i, letter in enumerate(letters)}
    return torch.tensor([number[letter] for letter in text]), len(letters)
