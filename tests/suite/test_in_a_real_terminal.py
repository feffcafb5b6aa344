"""Whatever a target calls itself, its people, records and errors: a real terminal stays as it was, and no line that a
command or a round writes is one that a build server obeys."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.safe_text.real_terminal import RealTerminal, Seen

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed on this machine"),
]

pytest_plugins = ["pytester"]

STEERS = {
    "title": "\x1b]0;owned\x07\x1b]2;owned\x1b\\",
    "name of the window": "\x1bkowned\x1b\\",
    "clipboard": "\x1b]52;c;b3duZWQ=\x07",
    "screen": "\x1b[H\x1b[2K\x1b[3J\x1b[2J\x1bc",
    "other screen": "\x1b[?1049h",
    "conceal": "\x1b[8mhidden",
    "mouse and cursor": "\x1b[?1000h\x1b[?25l",
    "margins": "\x1b[3;9r\x1b[?6h",
    "answers": "\x1b[6n\x1b[c",
    "C1": "\x9b8m\x9d0;owned\x9c\x90q\x9c",
    "direction": "\u202etxt.exe\u2066\u061c\u200f",
    "line": "back\rover\x0b\x0c\x85next\u2028next",
}
COMMANDS = "\n::error title=owned::x\n  ::stop-commands::y\n##[add-mask]z\n##vso[task.complete]\n##teamcity[buildStop]"
HOSTILE = "".join(STEERS.values()) + COMMANDS
REVIEWER = "::error title=owned::x"
LONG = "N" * 1_000_000
CHECKS = f"""
NAME = {HOSTILE!r}

@pytest.mark.item("verify.costs")
def test_costs():
    print(NAME)
    expect(False, "A cost of " + NAME + " is negative.", sample=[{{"user": NAME, NAME: 1}}], next_step=NAME)

@pytest.mark.item("errors.fix-plan")
def test_question():
    raise AwaitingPerson("Who is " + NAME + "?")

@pytest.mark.item("verify.branches")
@pytest.mark.parametrize("branch", [NAME])
def test_breaks(branch):
    raise RuntimeError(NAME)

@pytest.mark.item("verify.sales-totals")
def test_blocks():
    raise NotCovered(NAME, remedy=NAME)

@pytest.mark.item("verify.production-progress")
def test_long():
    expect(False, "The branch " + {LONG!r} + " is wrong.")
"""
ROUND = ("--round", "evening", "--as-of", "2026-01-15T17:00", "--no-later-pages", "--color=yes")


def toml(text: str) -> str:
    """A basic string of TOML: JSON's, which knows no DEL as it is."""
    return json.dumps(text).replace("\x7f", "\\u007f")


class HostileProject:
    """A project whose target names nothing harmlessly."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.target = path / "target.toml"
        log = {"time": "2026-01-15T16:00:00+00:00", "level": "ERROR", "message": HOSTILE, "logger": HOSTILE}
        (path / "shop.log").write_text(json.dumps(log) + "\n", encoding="utf-8")
        (path / "raw.log").write_text(f"2026-01-15 16:00:00 ERROR {HOSTILE}\n", encoding="utf-8")
        clock = {"set_to": "2026-01-15T17:00:00+00:00", "set_at": "2026-01-01T00:00:00+00:00", "rate": 0}
        (path / "clock.json").write_text(json.dumps(clock), encoding="utf-8")
        with sqlite3.connect(path / "shop.sqlite") as connection:
            named = HOSTILE.replace('"', "")
            connection.execute(f'CREATE TABLE "sales {named}" (id INTEGER PRIMARY KEY, "total {named}" NUMERIC)')
            connection.execute("CREATE TABLE branches (id INTEGER PRIMARY KEY, code TEXT, name TEXT)")
            connection.execute("INSERT INTO branches VALUES (1, ?, ?)", (HOSTILE, HOSTILE))
            connection.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT, branch_id INTEGER)")
            connection.execute("INSERT INTO users VALUES (1, ?, 1)", (HOSTILE,))
        connection.close()
        self.describe(HOSTILE)

    def describe(self, name: str, more: str = "") -> None:
        self.target.write_text(
            f"""[target]
name = {toml(name)}
[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08
clock = "clock.json"
[rounds]
retry_after = "1ms"
[database]
url = "sqlite:///{self.path / "shop.sqlite"}"
[[logs]]
name = "##[add-mask]"
path = "shop.log"
format = "json"
[[logs]]
name = "raw"
path = "raw.log"
format = "text"
clock_zone = "UTC"
[serve]
port = 0
[[serve.users]]
name = {toml(REVIEWER)}
{more}""",
            encoding="utf-8",
        )

    def round(self, *more: str) -> list[str]:
        reports = ("--reports", str(self.path / "reports"), "--target", str(self.target))
        return ["env", "-C", str(self.path), sys.executable, "-m", "pytest", *ROUND, *reports, *more]

    def command(self, *words: str, limit_s: int = 30) -> list[str]:
        inside = ["env", "-C", str(self.path), "timeout", "--signal=INT", str(limit_s)]
        return [*inside, sys.executable, "-m", "hypercare", *words]


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[RealTerminal]:
    opened = RealTerminal(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def hostile(project) -> HostileProject:
    project.checks(CHECKS)
    return HostileProject(project.path)


def is_untouched(seen: Seen) -> bool:
    assert seen.state == {} and seen.typed == "" and seen.copied == ""
    assert seen.commands == [] and seen.unseen == set()
    assert seen.is_whole
    assert "8" not in seen.marks, "something is concealed"
    return True


@pytest.mark.parametrize("steers", STEERS)
def test_the_terminal_is_one_that_obeys(terminal: RealTerminal, steers: str) -> None:
    """Else all that follows would prove nothing."""
    seen = terminal.shows([sys.executable, "-c", f"import sys; sys.stdout.buffer.write({STEERS[steers]!r}.encode())"])
    assert seen.state or seen.typed or seen.copied or seen.unseen or "8" in seen.marks or not seen.is_whole


def test_lines_that_are_commands_are_seen(terminal: RealTerminal) -> None:
    assert len(terminal.shows(["printf", "%s", COMMANDS]).commands) == 5


@pytest.mark.parametrize(
    "more",
    [
        (),
        ("-o", "log_cli=true", "-s"),
        *(pytest.param((one,), marks=pytest.mark.proof) for one in ("-vv", "-rA", "-q")),
    ],
)
def test_a_round_leaves_the_terminal_as_it_was(
    terminal: RealTerminal, hostile: HostileProject, more: tuple[str, ...]
) -> None:
    if "-s" in more:
        # What a check prints itself is the check's own.
        source = hostile.path / "test_checks.py"
        source.write_text(source.read_text(encoding="utf-8").replace("print(NAME)", ""), encoding="utf-8")
    seen = terminal.shows(hostile.round(*more))
    assert any("A cost of" in line for line in seen.lines)
    assert is_untouched(seen)
    assert seen.marks, "pytest's own colours stay"
    assert max(len(line) for line in seen.lines) < 20_000


def test_the_own_log_of_a_round_leaves_the_terminal_as_it_was(terminal: RealTerminal, hostile: HostileProject) -> None:
    seen = terminal.shows(hostile.round(), environment={"HYPERCARE_VERBOSE": "2"})
    assert any(" INFO hypercare" in line for line in seen.lines)
    assert is_untouched(seen)


@pytest.mark.long
def test_commands_leave_the_terminal_as_it_was(terminal: RealTerminal, hostile: HostileProject) -> None:
    by = ("--by", HOSTILE)
    seen = terminal.shows(
        hostile.round("-q"),
        hostile.command("doctor"),
        hostile.command("plan"),
        hostile.command("incidents"),
        hostile.command("incidents", "1"),
        hostile.command("ack", "1", *by),
        hostile.command("note", "1", HOSTILE, *by),
        hostile.command("incidents", "1"),
        hostile.command("history", "rounds"),
        hostile.command("history", "item", "verify.costs"),
        hostile.command("history", "flaky"),
        hostile.command("feedback", HOSTILE, "--kind", "negative", *by),
        hostile.command("attest", "errors.fix-plan", "--answer", HOSTILE, *by),
        hostile.command("action", HOSTILE, *by),
        hostile.command("report", "day"),
        hostile.command("report", "week"),
        hostile.command("report", "month"),
        hostile.command("sign-off", *by),
        hostile.command("uptime"),
        hostile.command("notify", "waiting"),
        hostile.command("maintenance", "start", "--for", "1h", "--reason", HOSTILE, *by),
        hostile.command("maintenance", "list"),
        hostile.command("init", "--no-questions", "--database", f"sqlite:///{hostile.path / 'shop.sqlite'}"),
        hostile.command("serve", limit_s=4),
    )
    assert is_untouched(seen)
    shown = "\n".join(seen.lines)
    for words in ("Serving ", "A cost of", "timezone"):
        assert words in shown


@pytest.mark.parametrize("wrong", ["adapter", "key"])
def test_what_keeps_it_from_starting_leaves_the_terminal_as_it_was(
    terminal: RealTerminal, hostile: HostileProject, wrong: str
) -> None:
    more = {"key": f"[{toml(HOSTILE)}]\na = 1", "adapter": f"[rest]\nbase = {toml(HOSTILE)}"}[wrong]
    hostile.describe(HOSTILE, more)
    seen = terminal.shows(hostile.round(), hostile.command("doctor"), hostile.command("plan"))
    assert is_untouched(seen)
