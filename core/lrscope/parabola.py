"""A parabola through losses that scatter: where it is lowest, and how sure that is."""

from math import sqrt
from typing import NamedTuple

import numpy as np

from lrscope.curve import FloatArray
from lrscope.spec import Frozen

Z95 = 1.959964  # normal quantile at 97.5 %


class Parabola(Frozen):
    """loss = a + b x + c x², x = log10 of the rate."""

    a: float
    b: float
    c: float

    def over(self, start: float, drop: float) -> "Parabola":
        """The same in another unit of loss: start + drop x loss."""
        return Parabola(a=start + drop * self.a, b=drop * self.b, c=drop * self.c)


class Fit(NamedTuple):
    """Weighted least squares of a polynomial, x counted from `middle`; the variance of a point is ~ 1 / weight."""

    middle: float
    at: FloatArray  # coefficients, the constant first
    scatter: FloatArray  # their covariance; NaN where there are no more points than coefficients
    t: float  # Student's at 97.5 %

    @classmethod
    def of(cls, x: FloatArray, y: FloatArray, weight: FloatArray, degree: int) -> "Fit":
        middle = float(np.average(x, weights=weight))
        powers = np.vander(x - middle, degree + 1, increasing=True)
        inverse = np.asarray(np.linalg.pinv(powers.T @ (weight[:, None] * powers)), np.float64)
        at = inverse @ powers.T @ (weight * y)
        free = len(x) - degree - 1
        variance = float(np.sum(weight * (y - powers @ at) ** 2)) / free if free > 0 else np.nan
        return cls(middle, at, inverse * variance, student(free))

    def sign(self) -> int:
        """Of the last coefficient; 0 where it cannot be told from zero. One that has no scatter is believed."""
        last, reach = self.at[-1], self.t * np.sqrt(self.scatter[-1, -1])
        return 0 if abs(last) <= reach else int(np.sign(last))

    def vertex(self) -> float:
        """Where a parabola is lowest. NaN for one that is open to below."""
        _, b, c = self.at
        return self.middle - b / (2 * c) if c > 0 else np.nan

    def interval(self) -> tuple[float, float]:
        """Of the vertex, 95 %: where the slope cannot be told from zero (Fieller 1954; Lye and Hirschberg 2012).

        Unlike the delta method's it is not symmetric, and wide where the curvature is little known. For a parabola
        whose curvature can be told from zero. NaN without scatter.
        """
        _, b, c = self.at
        q = self.t**2
        square = 4 * (c * c - q * self.scatter[2, 2])
        linear, plain = 4 * (b * c - q * self.scatter[1, 2]), b * b - q * self.scatter[1, 1]
        if not square > 0:
            return np.nan, np.nan
        centre = self.middle - linear / (2 * square)
        half = sqrt(max(0.0, linear**2 - 4 * square * plain)) / (2 * square)
        return centre - half, centre + half

    def below(self, x: float, more: float) -> tuple[float, float]:
        """Around the vertex of a parabola: where it is at most `more` above its value at x."""
        _, b, c = self.at
        z = x - self.middle
        half = sqrt(max(0.0, b * b + 4 * c * (b * z + c * z * z + more))) / (2 * c)
        return self.vertex() - half, self.vertex() + half

    def parabola(self) -> Parabola:
        """With x counted from 0."""
        (a, b, c), m = (float(value) for value in self.at), self.middle
        return Parabola(a=a - b * m + c * m * m, b=b - 2 * c * m, c=c)


def student(free: int) -> float:
    """Student's t at 97.5 % for so many degrees of freedom, within 3 % from two on (Abramowitz and Stegun 26.7.5)."""
    if free < 1:
        return np.nan
    z, v = Z95, float(free)
    more = (z**3 + z) / (4 * v), (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
    return z + sum(more) + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
