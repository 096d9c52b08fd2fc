"""Peak memory of a range test that hands everything back, against the bare loop: each in a process of its own.

python -m benchmarks.memory
"""

import argparse
import resource
import statistics
import subprocess
import sys

import torch
from torch import nn
from torch.nn import functional as F

import lrscope

MIB = 2**20
WIDTH, STEPS = 3072, 12


def training() -> tuple[nn.Module, torch.optim.Optimizer, list[tuple[torch.Tensor, torch.Tensor]]]:
    """A perceptron of 72 MiB with Adam: weights, gradients and two moments make four times that."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH))
    batches = [(torch.randn(64, WIDTH), torch.randint(0, WIDTH, (64,))) for _ in range(4)]
    return model, torch.optim.Adam(model.parameters(), lr=1e-3), batches


def bare() -> None:
    model, optimizer, batches = training()
    for k in range(STEPS):
        x, y = batches[k % len(batches)]
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        torch.autograd.backward(loss)
        optimizer.step()
        loss.item()


def ours() -> None:
    model, optimizer, batches = training()
    lrscope.range_test(model, optimizer, F.cross_entropy, batches, num_iter=STEPS, end_lr=1e-2, progress=False)


def state_mib() -> float:
    model, _, _ = training()
    return sum(p.numel() * p.element_size() for p in model.parameters()) / MIB


def peak_mib(which: str) -> float:
    said = subprocess.run([sys.executable, "-m", "benchmarks.memory", "--one", which], capture_output=True, check=True)
    return float(said.stdout)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--one", choices=["nothing", "bare", "ours"], help=argparse.SUPPRESS)
    options.add_argument("--runs", type=int, default=5)
    asked = options.parse_args()
    if asked.one:
        torch.set_num_threads(1)
        {"nothing": lambda: None, "bare": bare, "ours": ours}[asked.one]()
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MIB)
        return
    peak = {which: statistics.median(peak_mib(which) for _ in range(asked.runs)) for which in ("bare", "ours")}
    allowed = peak["bare"] * 1.02 + state_mib()
    print(
        "| bare loop, peak | one copy of the state | range_test(), peak | 1.02 × bare + the copy |\n|---|---|---|---|"
    )
    print(f"| {peak['bare']:.0f} MiB | {state_mib():.0f} MiB | {peak['ours']:.0f} MiB | {allowed:.0f} MiB |")


if __name__ == "__main__":
    main()
