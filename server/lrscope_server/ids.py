"""Ids that sort by age: 48 bits of milliseconds, 32 of chance, as 16 letters of Crockford's base 32."""

import secrets
import threading
import time

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


class Ids:
    """Call it for a new id, above every earlier one of this process."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def __call__(self) -> str:
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() // 1_000_000 << 32 | secrets.randbits(32))
            return "".join(ALPHABET[self._last >> shift & 31] for shift in range(75, -1, -5))
