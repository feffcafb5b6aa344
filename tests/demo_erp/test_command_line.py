"""The command line: what it prints, and one clear line for what it cannot do."""

import json
import os
import signal
import socket
import subprocess
import sys
from datetime import timedelta

import pytest

from demo_erp.__main__ import BAD_INPUT, main
from tests.demo_erp.shop import NOW


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command in this process: exit status, standard output, standard error."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["demo_erp", *map(str, arguments)])
        status = main()
        return status, *capsys.readouterr()

    return run


def test_create_makes_a_business_that_stands_at_its_day_and_time(run, tmp_path):
    folder = tmp_path / "new"
    assert run("create", "--state", folder, "--days", 1, "--at", "09:30", "--seed", 7) == (0, "", "")
    told = json.loads(run("clock", "--state", folder)[1])
    assert (told["local"], told["day"], told["rate"]) == ("2026-01-08T09:30:00+01:00", 1, 0.0)


def test_advance_lives_on_and_sets_the_clock(run, shop):
    before = shop.value("SELECT count(*) FROM sales")
    assert run("advance", "--state", shop.state.folder, "--to", "16:00")[1] == "2026-01-09T16:00:00+01:00\n"
    assert shop.value("SELECT count(*) FROM sales") > before
    assert shop.value("SELECT count(*) FROM jobs WHERE state = 'queued' AND due_at <= '2026-01-09 15:00:00'") == 0
    assert shop.state.clock.now() == NOW + timedelta(hours=1)


def test_backup_prints_its_manifest(run, shop):
    status, out, _err = run("backup", "--state", shop.state.folder)
    assert (status, out) == (0, f"{shop.state.backups}/rosewood-20260109-1500.sqlite.json\n")


STATE = "{state}"
WRONG = [
    (["create", "--state", STATE], "holds a business already"),
    (["create", "--state", "{new}", "--days", "0"], "1 to 3660 days"),
    (["create", "--state", "{new}", "--days", "many"], "not a valid integer"),
    (["create", "--state", "{new}", "--at", "25:00"], "not a time of day"),
    (["create", "--state", "{new}", "--go-live", "soon"], "not a day"),
    (["create", "--state", "{new}", "--go-live", "9999-12-30"], "not in this century"),
    (["create", "--state", "{new}", "--database", "mysql://localhost/erp"], "unknown database 'mysql'"),
    (["create", "--state", "{new}", "--database", "erp.sqlite"], "database URL cannot be understood"),
    (["create", "--state", "{new}", "--database", "sqlite://"], "needs a file"),
    (["create", "--state", "{new}", "--database", "sqlite:///no/such/folder.sqlite"], "unable to open database file"),
    (["create", "--state", "{new}", "--database", "postgresql://erp:hush@127.0.0.1:1/erp"], "cannot be used"),
    (["create", "--state", "{file}/new"], "cannot be written: Not a directory"),
    (["serve", "--state", "{new}"], "is not a state folder"),
    (["serve", "--state", STATE, "--port", "70000"], "not in the range"),
    (["serve", "--state", STATE, "--port", "{taken}"], "cannot be used: Address already in use"),
    (["advance", "--state", STATE, "--to", "14:59"], "time goes forward only"),
    (["advance", "--state", STATE, "--to", "tomorrow"], "no instant"),
    (["advance", "--state", "{new}", "--to", "18:00"], "is not a state folder"),
    (["clock", "--state", "{new}"], "is not a state folder"),
    (["clock"], "Missing option '--state'"),
    (["dance"], "No such command"),
]


@pytest.mark.long
@pytest.mark.server
@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_bad_input_is_one_clear_line_and_status_4(run, prepared, tmp_path, arguments, said):
    """None of these changes the business that all tests copy."""
    (tmp_path / "file").touch()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        values = {
            "state": prepared,
            "new": tmp_path / "new",
            "file": tmp_path / "file",
            "taken": taken.getsockname()[1],
        }
        status, out, err = run(*(argument.format(**values) for argument in arguments))
    assert (status, out) == (BAD_INPUT, "")
    assert len(err.splitlines()) == 1
    assert err.startswith("demo_erp: ")
    assert said in err
    assert "hush" not in err


@pytest.mark.parametrize("command", [["serve"], ["backup"], ["advance", "--to", "18:00"]])
def test_a_database_that_is_gone_is_one_clear_line_too(run, shop, command):
    (shop.state.folder / "erp.sqlite").unlink()
    status, _out, err = run(*command, "--state", shop.state.folder)
    assert (status, len(err.splitlines())) == (BAD_INPUT, 1)
    assert "cannot be used: unable to open database file" in err
    assert not (shop.state.folder / "erp.sqlite").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to the superuser")
def test_a_folder_that_cannot_be_written_is_one_clear_line_too(run, shop):
    shop.state.folder.chmod(0o500)
    try:
        status, _out, err = run("serve", "--state", shop.state.folder)
    finally:
        shop.state.folder.chmod(0o700)
    assert (status, len(err.splitlines())) == (BAD_INPUT, 1)


@pytest.fixture
def served(shop):
    """A server in a process of its own and what it told when it answered; its input is ours to close."""
    command = [sys.executable, "-m", "demo_erp", "serve", "--state", str(shop.state.folder), "--port", "0"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen([*command, "--until-input-ends"], text=True, **pipes)
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


@pytest.mark.long
@pytest.mark.server
@pytest.mark.parametrize("stop", ["signal", "end of input"])
def test_a_server_tells_where_it_is_and_stops_cleanly(shop, served, stop):
    process, told = served
    assert told["pid"] == process.pid
    assert told["database_url"] == f"sqlite:///{shop.state.folder}/erp.sqlite"
    port = int(told["api_url"].split(":")[2].split("/")[0])
    with socket.create_connection(("127.0.0.1", port)) as asking:
        asking.sendall(b"GET /api/v1/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert asking.recv(100).startswith(b"HTTP/1.1 200")
    assert shop.state.clock.rate == 1.0
    if stop == "signal":
        process.send_signal(signal.SIGTERM)
    else:
        process.stdin.close()
        process.stdin = None
    assert process.wait() == 0
    assert process.stderr.read() == ""
    assert shop.state.clock.rate == 0.0
    assert shop.log("app")[-1]["message"] == "stopped"
