"""Waiting times between attempts: doubling from the first to the longest, each shortened by chance.

The chance keeps workers that lost the same server from coming back to it in the same instant.
"""

import random


class Backoff:
    def __init__(self, first_s: float, longest_s: float) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._delay_s = first_s

    def reset(self) -> None:
        """It went well: the next wait is a short one."""
        self._delay_s = self._first_s

    def next_s(self) -> float:
        """Seconds to wait now: between half and all of the present delay."""
        delay_s = self._delay_s
        self._delay_s = min(self._longest_s, 2 * delay_s)
        return delay_s * random.uniform(0.5, 1)
