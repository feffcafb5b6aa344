"""`hypercare demo` serves in its own process, and what a session starts does not outlive it."""

import json
import signal
import socket
import subprocess
import sys
import time
from datetime import time as local_time

import pytest

from hypercare.cli import main

pytestmark = pytest.mark.server

START_AND_WAIT = """
import sys, time
from pathlib import Path
from hypercare.adapters.demo.process import EmbeddedSystem
system = EmbeddedSystem.serve(Path(sys.argv[1]))
print("serving", flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def business(tmp_path_factory):
    from demo_erp import history
    from demo_erp.state import Settings

    folder = tmp_path_factory.mktemp("business") / "state"
    history.create(folder, Settings(), days=1, at=local_time(9, 30)).database.dispose()
    return folder


@pytest.fixture
def start():
    """Start a program; it is stopped in the end, whatever happens."""
    started = []

    def start(*arguments):
        pipe = subprocess.PIPE
        process = subprocess.Popen([sys.executable, *arguments], stdout=pipe, stderr=pipe, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def run(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["hypercare", "demo", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code, capsys.readouterr()


@pytest.mark.long
def test_the_process_that_it_names_is_the_one_to_stop(business, start):
    process = start("-c", "from hypercare.cli import main; main()", "demo", "--state", str(business))
    told = json.loads(process.stdout.readline())
    assert told["pid"] == process.pid
    assert told["target_file"] == str(business / "target.toml")
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 0
    assert process.stderr.read() == ""  # no passwords for a business that was there already


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--state", "{business}", "--port", "{taken}"], "cannot be used: Address already in use"),
        (["--state", "{new}", "--port", "{taken}"], "cannot be used: Address already in use"),
        (["--state", "{file}/state"], "cannot be written: Not a directory"),
        (["--state", "{new}", "--database", "mysql://localhost/erp"], "unknown database 'mysql'"),
        (["--state", "{new}", "--at", "noon"], "not a time of day"),
    ],
)
def test_what_cannot_be_is_one_clear_line_and_status_4(business, tmp_path, monkeypatch, capsys, arguments, said):
    (tmp_path / "file").touch()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        values = {"business": business, "new": tmp_path / "new", "file": tmp_path / "file", "taken": port}
        status, told = run(monkeypatch, capsys, *(argument.format(**values) for argument in arguments))
    assert (status, told.out) == (4, "")
    assert len(told.err.splitlines()) == 1
    assert said in told.err


def test_a_killed_session_leaves_no_server_behind(business, start):
    """Nobody could wait for the server but its dead parent; that it stopped shows in its clock, which stands still."""
    session = start("-c", START_AND_WAIT, str(business))
    session.stdout.readline()
    assert rate(business) == 1.0
    session.kill()
    while rate(business):
        time.sleep(0.05)
    assert rate(business) == 0.0


def rate(business):
    return json.loads((business / "clock.json").read_text())["rate"]
