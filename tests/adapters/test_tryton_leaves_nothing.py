"""What a run of the Tryton target made is gone once the run is, however it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from targets.tryton import guarded
from targets.tryton.run import run_in, sweep

pytestmark = pytest.mark.server

PROJECT = Path(__file__).parents[2]
A_RUN = """
import sys, time
from pathlib import Path
from targets.tryton.run import Run
cache, elsewhere = map(Path, sys.argv[1:])
run = Run(cache)
name = run.name()
run.will_make(engine="sqlite", database=name, folder=elsewhere)
run.engine("sqlite").create(name)
elsewhere.mkdir()
(elsewhere / "trytond.log").touch()
print(run._caretaker.pid, flush=True)
sys.stdin.read()
"""
A_SERVER = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
STARTS_IT = """
import os, sys, time
from pathlib import Path
from targets.tryton import guarded
guarded.started([sys.executable, "-c", sys.argv[1]], Path(sys.argv[2]), environment=os.environ)
time.sleep(600)
"""


def wait_until(holds: Callable[[], bool]) -> None:
    while not holds():
        time.sleep(0.05)


def lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def started_run(cache: Path, elsewhere: Path) -> tuple[subprocess.Popen[str], int]:
    """The run, and its caretaker's process."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    run = subprocess.Popen([sys.executable, "-c", A_RUN, str(cache), str(elsewhere)], cwd=PROJECT, text=True, **pipes)
    assert run.stdout is not None
    caretaker = int(run.stdout.readline())
    assert elsewhere.exists() and list((cache / "databases").iterdir())
    return run, caretaker


def nothing_in(cache: Path, elsewhere: Path) -> bool:
    left = [*(cache / "databases").iterdir(), *(cache / "runs").iterdir()]
    return not left and not elsewhere.exists()


def test_a_killed_run_leaves_nothing(tmp_path: Path) -> None:
    cache, elsewhere = tmp_path / "cache", tmp_path / "served"
    run, caretaker = started_run(cache, elsewhere)
    run.kill()
    run.communicate()
    wait_until(lambda: nothing_in(cache, elsewhere))
    wait_until(lambda: not lives(caretaker))


def test_what_even_the_caretaker_left_goes_at_the_next_start(tmp_path: Path) -> None:
    cache, elsewhere = tmp_path / "cache", tmp_path / "served"
    run, caretaker = started_run(cache, elsewhere)
    os.kill(caretaker, signal.SIGKILL)
    run.kill()
    run.communicate()
    assert not nothing_in(cache, elsewhere)
    with run_in(cache) as following:
        assert not elsewhere.exists()
        assert not list((cache / "databases").iterdir())
        assert [folder.name for folder in (cache / "runs").iterdir()] == [following.folder.name]
    assert nothing_in(cache, elsewhere)


def test_a_run_that_lives_is_left_alone(tmp_path: Path) -> None:
    cache, elsewhere = tmp_path / "cache", tmp_path / "served"
    run, _ = started_run(cache, elsewhere)
    sweep(cache)
    assert elsewhere.exists() and list((cache / "databases").iterdir())
    run.kill()
    run.communicate()
    wait_until(lambda: nothing_in(cache, elsewhere))


def test_a_server_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    told = tmp_path / "told"
    starter = subprocess.Popen([sys.executable, "-c", STARTS_IT, A_SERVER, str(told)], cwd=PROJECT)
    wait_until(lambda: told.exists() and told.read_text().endswith("\n"))
    server = int(told.read_text())
    assert lives(server)
    starter.kill()
    starter.wait()
    wait_until(lambda: not lives(server))


@pytest.mark.parametrize("status", [0, 7])
def test_a_guarded_command_ends_as_it_would_without_its_guard(tmp_path: Path, status: int) -> None:
    output = tmp_path / "said"
    command = (sys.executable, "-c", f"print('done'); raise SystemExit({status})")
    assert guarded.run(command, output, environment=os.environ, patience=20) == status
    assert output.read_text() == "done\n"


def test_a_guarded_command_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    output = tmp_path / "said"
    command = (sys.executable, "-c", A_SERVER)
    with pytest.raises(subprocess.TimeoutExpired):
        guarded.run(command, output, environment=os.environ, patience=1.5)
    assert not lives(int(output.read_text()))
