"""A served Tryton whose owner is killed: server, database and folder are gone soon after."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from targets.tryton.prepared import Prepared
from tests.tryton.tryton_engines import each_on

PROJECT = Path(__file__).parents[2]
_GONE_WITHIN = 40  # seconds


def holds_soon(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + _GONE_WITHIN
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


@pytest.mark.parametrize("prepared_on", each_on([("sqlite",), ("postgresql",)]), indirect=True)
def test_nothing_of_a_killed_run_stays(prepared_on: Prepared, tmp_path: Path) -> None:
    folder, engine = tmp_path / "served", prepared_on.engine
    command = [sys.executable, "-m", "targets.tryton", str(folder), engine.name]
    owner = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    told = json.loads(owner.stdout.readline())
    database = told["api_url"].rstrip("/").rpartition("/")[2]
    assert answers(told["web_url"]) and engine.exists(database) and folder.exists()
    owner.kill()
    owner.communicate()
    assert holds_soon(lambda: not answers(told["web_url"])), "the server goes on"
    assert holds_soon(lambda: not engine.exists(database)), "its database stays"
    assert holds_soon(lambda: not folder.exists()), "its folder stays"
