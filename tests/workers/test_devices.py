from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from lrscope.errors import InvalidInput
from lrscope_workers import devices


@pytest.fixture
def two_gpus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(devices, "GPU_SIGNS", (str(tmp_path),))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    about = SimpleNamespace(name="NVIDIA H100", total_memory=80 << 30)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda index: about)


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "GPU_SIGNS", ())


def test_a_machine_without_gpus_offers_its_cpu_with_label_and_memory(no_gpu: None) -> None:
    (cpu,) = devices.available()
    assert (cpu.name, cpu.kind) == ("cpu", "cpu")
    assert cpu.label == f"{devices.usable_cores()}-core CPU"
    assert cpu.memory_bytes is None or cpu.memory_bytes > 1 << 20


def test_a_machine_with_gpus_offers_each_of_them_and_no_cpu(two_gpus: None) -> None:
    found = devices.available()
    assert [device.name for device in found] == ["cuda:0", "cuda:1"]
    assert {device.label for device in found} == {"NVIDIA H100"}
    assert found[0].memory_bytes == 80 << 30


def test_devices_are_taken_in_the_order_given(two_gpus: None) -> None:
    assert [device.name for device in devices.parse("cuda:1, cuda:0")] == ["cuda:1", "cuda:0"]
    assert [device.name for device in devices.parse("cpu,cuda:0")] == ["cpu", "cuda:0"]


def test_no_choice_means_every_gpu(two_gpus: None) -> None:
    assert devices.parse(None) == devices.available()


def test_a_device_named_twice_gets_two_workers(no_gpu: None) -> None:
    assert [device.name for device in devices.parse("cpu,cpu")] == ["cpu", "cpu"]


@pytest.mark.parametrize("text", ["cuda:2", "cpu,cuda:2", "gpu", "", "cpu,", "cuda"])
def test_a_device_that_is_not_there_is_refused_naming_it_and_what_is(two_gpus: None, text: str) -> None:
    with pytest.raises(InvalidInput, match="this machine has cpu, cuda:0, cuda:1") as caught:
        devices.parse(text)
    assert repr(text.rsplit(",", maxsplit=1)[-1]) in str(caught.value)


def test_a_containers_quota_counts_as_its_cores(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    quota = tmp_path / "cpu.max"
    monkeypatch.setattr(devices, "CPU_QUOTA", quota)
    free = devices.usable_cores()
    for text, cores in [("100000 100000", 1), ("10000 100000", 1), ("max 100000", free), ("nonsense", free)]:
        quota.write_text(text)
        assert devices.usable_cores() == cores


def test_a_cpu_worker_leaves_a_core_to_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    monkeypatch.setattr(torch, "set_num_threads", taken.append)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 8)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    for cores in (1, 2, 4, 64):
        monkeypatch.setattr(devices, "usable_cores", lambda cores=cores: cores)
        devices.use(devices.CPU)
    assert taken == [1, 1, 3, 8]


def test_omp_num_threads_overrules_the_workers_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    monkeypatch.setattr(torch, "set_num_threads", taken.append)
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    devices.use(devices.CPU)
    assert taken == []
