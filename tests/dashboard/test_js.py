"""The scripts' own tests, in tests/js, one file each."""

import subprocess
from pathlib import Path

import pytest

from tests.dashboard.scripts import JS, NODE

FILES = sorted(JS.glob("*.test.mjs"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.removesuffix(".test.mjs"))
def test_what_the_scripts_claim_of_themselves(file: Path) -> None:
    command = [*NODE, "--test", "--test-reporter=spec", str(file)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
