"""Workers without a training: each holds one sweep, as a real one does, and sends points of a formula at a steady rate.

python -m benchmarks.feeder http://127.0.0.1:8000 --workers 10 --rate 50

Each batch of points leaves 50 ms after the one before it, and at most four are unacked, as a worker's outbox has it. The
points are made before the first one is due: the feeder takes little of the machine that is measured. When all of its
sweeps are done it prints {sweep: [[next step, sent, stored], …]} in milliseconds since the epoch; stored is when the ack came.
"""

import argparse
import asyncio
import json
import math
import os
import random
import socket
import time

import numpy as np
import orjson
from websockets.asyncio.client import ClientConnection, connect

from lrscope.address import ws_url
from lrscope.grid import lr_at
from lrscope.recipe import RecipeInfo
from lrscope.wire import Assign, Batch, Device, Ended, Finished, Heartbeat, Hello, Started, parse_server

RECIPE = "formula"
FLUSH_S = 0.05
BEAT_S = 3.0
IN_FLIGHT = 4  # batches sent and not acked
Times = list[list[float]]


def loss_at(lr: float, chance: random.Random) -> float:
    """Flat, a fall at 1e-3, a rise from 0.5 on; never so high that it diverges."""
    x = math.log10(lr)
    return 2.3 - 1.8 / (1 + math.exp(-4 * (x + 3))) + max(0.0, x + 0.3) ** 2 + chance.gauss(0, 0.05)


def milliseconds() -> float:
    return time.time() * 1000


class Feed:
    """One worker and its one sweep."""

    def __init__(self, number: int, rate: float) -> None:
        self._rate = rate
        self._chance = random.Random(number)
        self._hello = Hello(
            worker=f"feeder-{os.getpid()}-{number}",
            host=socket.gethostname(),
            pid=os.getpid(),
            device=Device(name="cpu", kind="cpu", label="a formula"),
            recipes=[RecipeInfo(name=RECIPE, description="No training.", params_schema={"type": "object"})],
        )
        self._sent: dict[int, float] = {}
        self._acked = 0
        self.times: Times = []
        self.sweep = ""

    async def run(self, url: str) -> None:
        async with connect(ws_url(url, "/ws/work"), compression=None, ping_interval=None) as line:
            await line.send(self._hello.model_dump_json())
            async for frame in line:
                assert isinstance(frame, str)
                if (said := orjson.loads(frame))["type"] == "ack":
                    self._acked = said["next_step"]
                    if self._acked in self._sent:
                        self.times.append([self._acked, self._sent[self._acked], milliseconds()])
                    continue
                message = parse_server(frame)
                if isinstance(message, Assign):
                    self.sweep = message.lease.sweep
                    working = [asyncio.create_task(do(line, message)) for do in (self._send, self._beat)]
                elif isinstance(message, Ended):
                    for task in working:
                        task.cancel()
                    return

    async def _send(self, line: ClientConnection, assigned: Assign) -> None:
        lease, spec = assigned.lease, assigned.spec
        lr = np.array([lr_at(spec, step) for step in range(spec.num_iter)])
        loss = np.array([loss_at(rate, self._chance) for rate in lr.tolist()])
        await line.send(Started(lease=lease, optimizer="SGD").model_dump_json())
        began, done = time.perf_counter(), 0
        while done < spec.num_iter:
            await asyncio.sleep(FLUSH_S)
            due = min(spec.num_iter, int((time.perf_counter() - began) * self._rate))
            if due > done and sum(end > self._acked for end in self._sent) < IN_FLIGHT:
                data = lr[done:due].tobytes() + loss[done:due].tobytes()
                self._sent[due] = milliseconds()
                await line.send(Batch(lease=lease, first_step=done, count=due - done, data=data).pack())
                done = due
        await line.send(Finished(lease=lease, status="done").model_dump_json())

    async def _beat(self, line: ClientConnection, assigned: Assign) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            await line.send(Heartbeat(running=[assigned.lease]).model_dump_json())


async def feed(url: str, workers: int, rate: float) -> dict[str, Times]:
    """Run so many workers until each has had its sweep."""
    feeds = [Feed(number, rate) for number in range(workers)]
    await asyncio.gather(*(one.run(url) for one in feeds))
    return {one.sweep: one.times for one in feeds}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("url")
    options.add_argument("--workers", type=int, default=10)
    options.add_argument("--rate", type=float, default=50.0)
    asked = options.parse_args()
    print(json.dumps(asyncio.run(feed(asked.url, asked.workers, asked.rate))))


if __name__ == "__main__":
    main()
