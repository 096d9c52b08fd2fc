"""Workers without a training: each holds one sweep, as a real one does, and sends points of a formula at a steady rate.

python -m benchmarks.feeder http://127.0.0.1:8000 --workers 10 --rate 50

Each batch of points leaves 50 ms after the one before it, as a worker's outbox has it. When all of its sweeps are done it
prints {sweep: [[next step, sent, stored], …]} in milliseconds since the epoch; stored is when the ack came.
"""

import argparse
import asyncio
import json
import math
import os
import random
import socket
import time

from websockets.asyncio.client import ClientConnection, connect

from lrscope.address import ws_url
from lrscope.curve import Point
from lrscope.grid import lr_at
from lrscope.recipe import RecipeInfo
from lrscope.spec import SweepSpec
from lrscope.wire import Ack, Assign, Batch, Device, Ended, Finished, Heartbeat, Hello, Started, parse_server

RECIPE = "formula"
FLUSH_S = 0.05
BEAT_S = 3.0
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
        self.times: Times = []
        self.sweep = ""

    async def run(self, url: str) -> None:
        async with connect(ws_url(url, "/ws/work"), compression=None, ping_interval=None) as line:
            await line.send(self._hello.model_dump_json())
            async for frame in line:
                assert isinstance(frame, str)
                message = parse_server(frame)
                if isinstance(message, Assign):
                    self.sweep = message.lease.sweep
                    working = [asyncio.create_task(do(line, message)) for do in (self._send, self._beat)]
                elif isinstance(message, Ack):
                    self.times.append([message.next_step, self._sent[message.next_step], milliseconds()])
                elif isinstance(message, Ended):
                    for task in working:
                        task.cancel()
                    return

    async def _send(self, line: ClientConnection, assigned: Assign) -> None:
        lease, spec = assigned.lease, assigned.spec
        await line.send(Started(lease=lease, optimizer="SGD").model_dump_json())
        began, done = time.perf_counter(), 0
        while done < spec.num_iter:
            await asyncio.sleep(FLUSH_S)
            due = min(spec.num_iter, int((time.perf_counter() - began) * self._rate))
            if due > done:
                points = [self._point(spec, step) for step in range(done, due)]
                self._sent[due] = milliseconds()
                await line.send(Batch.of(lease, points).pack())
                done = due
        await line.send(Finished(lease=lease, status="done").model_dump_json())

    async def _beat(self, line: ClientConnection, assigned: Assign) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            await line.send(Heartbeat(running=[assigned.lease]).model_dump_json())

    def _point(self, spec: SweepSpec, step: int) -> Point:
        lr = lr_at(spec, step)
        return Point(step, lr, loss_at(lr, self._chance))


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
