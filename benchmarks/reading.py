"""How long a reading takes: one of a thousand points, and five seeds of three hundred; fresh curves each time.

python -m benchmarks.reading
"""

import statistics
import time

import numpy as np

from lrscope.curve import Curve
from lrscope.reading import read


def curve(points: int, seed: int) -> Curve:
    """A plateau, a fall and a blow-up under some noise."""
    lr = np.geomspace(1e-7, 10, points)
    x = np.log10(lr)
    noise = 0.05 * np.random.default_rng(seed).normal(size=points)
    return Curve(lr, 2.3 - 2 * np.clip((x + 4) / 2, 0, 1) + np.where(x > -0.5, 10 * (x + 0.5), 0) + noise)


def main() -> None:
    print("| curve | median of 101 |\n|---|---|")
    for name, points, seeds in (("100 points", 100, 1), ("1000 points", 1000, 1), ("5 seeds × 300 points", 300, 5)):
        times = []
        for run in range(101):
            curves = [curve(points, run * seeds + k) for k in range(seeds)]
            began = time.perf_counter()
            read(curves)
            times.append(time.perf_counter() - began)
        print(f"| {name} | {1000 * statistics.median(times):.1f} ms |")


if __name__ == "__main__":
    main()
