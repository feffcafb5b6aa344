"""Errors from journald: by a program that prints as journalctl does, from exported files, and from a real journal."""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hypercare.log_levels.gravity import Gravity
from hypercare.log_sources.journald.export_format import NotAJournal, entries_in
from hypercare.logs import Logs
from hypercare.outcome.signals import ChannelDown, NotCovered
from hypercare.target_file.config import TargetConfig, TargetSection
from hypercare.target_file.sections.business import BusinessSection
from hypercare.target_file.sections.logs import LogSource
from hypercare.target_file.target import Target
from tests.log_sources.conftest import ErrorsOf
from tests.standins.frozen_target import NOON, ago

pytestmark = pytest.mark.server

DAEMON = Path("/lib/systemd/systemd-journald")
TRACEBACK = "sale 17 failed\nTraceback (most recent call last):\n  File \"a.py\", line 1, in x\nKeyError: 'total'"


def fields(at: datetime, message: Any, priority: int = 3, unit: str = "erp.service") -> dict[str, Any]:
    number = f"{int(at.timestamp() * 1_000_000)}"
    return {
        "__CURSOR": f"s=1;i={number}{message!r}",
        "__REALTIME_TIMESTAMP": number,
        "__MONOTONIC_TIMESTAMP": "17",
        "_SYSTEMD_UNIT": unit,
        "SYSLOG_IDENTIFIER": "erp",
        "PRIORITY": str(priority),
        "MESSAGE": message,
    }


def as_json(*entries: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in entries)


def as_export(*entries: dict[str, Any]) -> bytes:
    parts: list[bytes] = []
    for one in entries:
        for name, value in one.items():
            raw = bytes(value) if isinstance(value, list) else str(value).encode()
            if b"\n" in raw or isinstance(value, list):
                parts += [name.encode(), b"\n", len(raw).to_bytes(8, "little"), raw, b"\n"]
            else:
                parts += [name.encode(), b"=", raw, b"\n"]
        parts.append(b"\n")
    return b"".join(parts)


class Program:
    """A program of our own in journalctl's place: it prints what was put beside it since the asked-for second. As the
    real one it has no hints for whoever wants it quiet."""

    def __init__(self, folder: Path) -> None:
        self.journal = folder / "journal.json"
        self.asked = folder / "asked.json"
        self.path = folder / "print-journal"
        self.write()

    def write(self, says: str = "", status: int = 0) -> None:
        self.path.write_text(
            f"#!{sys.executable}\n"
            "import json, pathlib, sys\n"
            f"pathlib.Path({str(self.asked)!r}).write_text(json.dumps(sys.argv[1:]))\n"
            "is_quiet = '--quiet' in sys.argv\n"
            f"sys.stderr.write('' if is_quiet and {says.startswith('Hint')} else {says!r})\n"
            "since = next(float(one[9:]) for one in sys.argv if one.startswith('--since=@'))\n"
            f"for line in pathlib.Path({str(self.journal)!r}).read_text().splitlines():\n"
            "    if float(json.loads(line)['__REALTIME_TIMESTAMP']) >= since * 1e6: print(line)\n"
            f"if not is_quiet and not pathlib.Path({str(self.journal)!r}).read_text(): print('-- No entries --')\n"
            f"sys.exit({status})\n"
        )
        self.path.chmod(self.path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


def log_of(**journald: Any) -> LogSource:
    return LogSource.model_validate({"name": "journal", "journald": journald})


def healthy(number: int = 5) -> list[dict[str, Any]]:
    return [fields(ago(minutes=30 + minutes), "a sale was made", 6) for minutes in range(number)]


@pytest.mark.parametrize(
    ("priority", "gravity"), [(2, Gravity.CRITICAL), (3, Gravity.ERROR), (4, None), (6, None)], ids=str
)
def test_the_priority_is_the_level(
    program: Program, errors_of: ErrorsOf, priority: int, gravity: Gravity | None
) -> None:
    program.journal.write_bytes(as_json(*healthy(), fields(ago(minutes=5), "the printer is offline", priority)))
    groups = errors_of(log_of(program=str(program.path))).groups
    assert [(one.gravity, one.sample) for one in groups] == ([(gravity, "the printer is offline")] if gravity else [])


def test_units_and_time_are_asked_for(program: Program, errors_of: ErrorsOf) -> None:
    program.journal.write_bytes(as_json(*healthy()))
    log = log_of(program=str(program.path), units=["erp.service", "worker.service"], directory="/var/log/other")
    errors_of(log, NOON + timedelta(hours=1))
    errors_of(log, NOON + timedelta(hours=2), previous=NOON + timedelta(hours=1))
    asked = json.loads(program.asked.read_text())
    assert {"--output=json", "--unit=erp.service", "--unit=worker.service", "--directory=/var/log/other"} <= set(asked)
    assert f"--since=@{int(NOON.timestamp())}" in asked


def test_entries_count_once_from_round_to_round(program: Program, errors_of: ErrorsOf) -> None:
    program.journal.write_bytes(as_json(*healthy(), fields(ago(minutes=5), "the printer is offline")))
    log, later = log_of(program=str(program.path)), NOON + timedelta(minutes=20)
    assert errors_of(log).count == 1
    assert errors_of(log, later, previous=NOON).count == 0
    with program.journal.open("ab") as file:
        file.write(as_json(fields(later + timedelta(minutes=1), "the printer is offline")))
    [group] = errors_of(log, later + timedelta(minutes=2), previous=later).groups
    assert (group.count, sum(group.by_day.values())) == (1, 2)


@pytest.mark.parametrize(
    ("says", "status", "signal", "match"),
    [
        ("Hint: You are currently not seeing messages from other users and the system.", 0, NotCovered, "may not read"),
        ("No journal files were opened due to insufficient permissions.", 1, NotCovered, "may not read"),
        ("", 3, ChannelDown, "status 3"),
    ],
)
def test_a_program_that_tells_nothing_is_not_taken_for_silence(
    program: Program, errors_of: ErrorsOf, says: str, status: int, signal: type[Exception], match: str
) -> None:
    program.journal.write_bytes(b"")
    program.write(says, status)
    with pytest.raises(signal, match=match):
        errors_of(log_of(program=str(program.path))).require_understood()


def test_a_program_that_is_not_there_is_a_finding(errors_of: ErrorsOf, tmp_path: Path) -> None:
    with pytest.raises(ChannelDown, match="there is no such program"):
        errors_of(log_of(program=str(tmp_path / "nothing")))


@pytest.mark.parametrize("form", [as_json, as_export], ids=["json", "export"])
@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("the printer is offline", "the printer is offline"),
        (TRACEBACK, "KeyError: 'total'"),
        (list("der Drucker ist zerstört".encode()), "zerstört"),
    ],
    ids=["text", "lines", "bytes"],
)
def test_an_exported_file_is_read_in_both_forms(
    tmp_path: Path, errors_of: ErrorsOf, form: Any, message: Any, says: str
) -> None:
    file = tmp_path / "exported"
    other = fields(ago(minutes=3), "another unit's", 3, "cron.service")
    file.write_bytes(form(*healthy(), fields(ago(minutes=5), message), other))
    [group] = errors_of(log_of(file=str(file), units=["erp.service"])).groups
    assert says in group.sample


@pytest.mark.parametrize("form", [as_json, as_export], ids=["json", "export"])
@pytest.mark.parametrize("cut", [1, 9, 40])
def test_a_file_that_is_being_written_is_read_as_far_as_it_goes(tmp_path: Path, form: Any, cut: int) -> None:
    whole = form(fields(ago(minutes=5), "first"), fields(ago(minutes=4), "second\nline"))
    file = tmp_path / "exported"
    file.write_bytes(whole[:-cut])
    with file.open("rb") as opened:
        found = [entry.fields["MESSAGE"] for entry in entries_in(opened)]
    assert found[:1] == ["first"]


def test_what_is_no_journal_is_said(tmp_path: Path, errors_of: ErrorsOf) -> None:
    file = tmp_path / "exported"
    file.write_text("2026-01-15 10:00:00 ERROR hello\n")
    with file.open("rb") as opened, pytest.raises(NotAJournal):
        list(entries_in(opened))
    with pytest.raises(ChannelDown, match="neither JSON nor the export format"):
        errors_of(log_of(file=str(file)))


@pytest.fixture
def real_journal() -> Iterator[tuple[Path, Path]]:
    """The socket of a real journald with a namespace of its own, and the folder in which it keeps its journal."""
    if not DAEMON.exists() or shutil.which("journalctl") is None or os.geteuid() != 0:
        pytest.skip("no journald that this account may start: apt-get install systemd, as root")
    name = f"hc{uuid.uuid4().hex[:8]}"
    runtime = Path(f"/run/systemd/journal.{name}")
    runtime.mkdir(parents=True)
    daemon = subprocess.Popen([DAEMON, name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    machine = Path("/etc/machine-id").read_text().strip()
    places = [Path(root) / f"{machine}.{name}" for root in ("/var/log/journal", "/run/log/journal")]
    try:
        for _ in range(200):
            kept = next((place for place in places if (place / "system.journal").exists()), None)
            if kept is not None or daemon.poll() is not None:
                break
            time.sleep(0.05)
        if kept is None:
            pytest.skip("journald does not start here")
        yield runtime / "socket", kept
    finally:
        daemon.terminate()
        daemon.wait(10)
        for place in (runtime, *places):
            shutil.rmtree(place, ignore_errors=True)


@pytest.mark.server
def test_a_real_journal_is_read(real_journal: tuple[Path, Path], tmp_path: Path) -> None:
    place, kept = real_journal
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
        for priority, text in ((6, "a sale was made"), (3, "the printer is offline"), (3, TRACEBACK)):
            raw = text.encode()
            message = b"MESSAGE\n" + len(raw).to_bytes(8, "little") + raw
            to.sendto(message + f"\nPRIORITY={priority}\nSYSLOG_IDENTIFIER=erp\n".encode(), str(place))
    now = datetime.now(UTC)
    config = TargetConfig(
        target=TargetSection(name="tried"),
        business=BusinessSection(timezone="UTC", go_live=now.date() - timedelta(days=3)),
        logs=(log_of(directory=str(kept)),),
    )
    target = Target(config, tmp_path / "state", now, previous_round=now - timedelta(hours=1))
    said: list[str] = []
    for _ in range(100):  # until it has written what it was sent
        said = [group.sample for group in Logs(target).errors(target.since_last_round).groups]
        if len(said) == 2:
            break
        time.sleep(0.05)
    assert sorted(said) == [
        "sale 17 failed Traceback (most recent call last): File \"a.py\", line 1, in x KeyError: 'total'",
        "the printer is offline",
    ]
