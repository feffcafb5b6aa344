"""A log in a folder of its own, and how much of it was read."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def log(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    return folder / "app.log"


@pytest.fixture
def bytes_read(caplog: pytest.LogCaptureFixture) -> Callable[[], int]:
    """Gives how many bytes of logs were read since it was last asked."""
    caplog.set_level(logging.DEBUG, logger="hypercare.logs.reading")

    def asked() -> int:
        found = sum(map(int, re.findall(r"(\d+) bytes of", caplog.text)))
        caplog.clear()
        return found

    return asked
