"""The devices of this machine: every CUDA GPU, or else the CPU. Importing this imports no torch; asking does."""

import os
from pathlib import Path

from lrscope.errors import InvalidInput
from lrscope.wire import Device

STATM = Path("/proc/self/statm")  # Linux: pages, the second number those in memory
CPU_QUOTA = Path("/sys/fs/cgroup/cpu.max")  # cgroup v2: "<microseconds> <period>", or "max <period>"
GPU_SIGNS = ("/dev/nvidiactl", "/dev/nvidia0", "/dev/dxg", "/dev/kfd")  # NVIDIA, WSL, ROCm


def usable_cores() -> int:
    """Cores this process may use: its affinity, cut by a container's quota. At least 1."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = CPU_QUOTA.read_text().split()
        cores = min(cores, round(int(quota) / int(period)))
    except (OSError, ValueError):
        pass  # no such cgroup, or no limit in it
    return max(1, cores)


def _memory_bytes() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def used_bytes(device: Device) -> int | None:
    """What this process takes of the device's memory; None where that is not told."""
    if device.kind == "cuda":
        import torch

        return torch.cuda.memory_reserved(device.name)
    try:
        return os.sysconf("SC_PAGE_SIZE") * int(STATM.read_text().split()[1])
    except (AttributeError, ValueError, OSError):
        return None


CPU = Device(name="cpu", kind="cpu", label=f"{usable_cores()}-core CPU", memory_bytes=_memory_bytes())


def available() -> list[Device]:
    """Every CUDA device as cuda:0, cuda:1, …; the CPU alone where there is none."""
    return _gpus() or [CPU]


def _gpus() -> list[Device]:
    if os.name == "posix" and not any(Path(sign).exists() for sign in GPU_SIGNS):
        return []  # spares a second of importing torch on a laptop
    import torch

    if not torch.cuda.is_available():
        return []
    gpus = []
    for index in range(torch.cuda.device_count()):
        about = torch.cuda.get_device_properties(index)
        gpus.append(Device(name=f"cuda:{index}", kind="cuda", label=about.name, memory_bytes=about.total_memory))
    return gpus


def parse(text: str | None) -> list[Device]:
    """The devices that `--devices cuda:0,cuda:1` names, one for each worker process; all there are for None.

    A device named twice gets two workers. Raises InvalidInput naming the value and what exists.
    """
    if text is None:
        return available()
    names = [name.strip() for name in text.split(",")]
    known = {"cpu": CPU}
    if names != ["cpu"] * len(names):
        known |= {gpu.name: gpu for gpu in _gpus()}
    for name in names:
        if name not in known:
            raise InvalidInput.of("devices", name, f"there is no such device; this machine has {', '.join(known)}")
    return [known[name] for name in names]


def use(device: Device) -> None:
    """Make this thread train on `device`.

    On the CPU one core is left to the connection and to the rest of the machine, and a container's quota, which torch
    does not see, is kept; OMP_NUM_THREADS overrules both.
    """
    import torch

    if device.kind == "cuda":
        torch.cuda.set_device(device.name)  # for a recipe that says "cuda"
    elif "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(min(torch.get_num_threads(), max(1, usable_cores() - 1)))
