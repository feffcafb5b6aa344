"""What a target calls itself, its people and its records reaches the terminal as text and as nothing else."""

import os
import pty
import subprocess
import sys

import pytest

from hypercare.safe_text import guard

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

CHECKS = r"""
NAME = "\x1b]0;owned\x07\x1b[2J\x1b[8mhidden"

@pytest.mark.item("verify.costs")
def test_costs():
    print("::error title=printed::" + NAME)
    expect(False, f"A cost of {NAME} is negative.\n::error::by sentence\n##[add-mask]a", sample=[{"user": NAME}])

@pytest.mark.item("errors.fix-plan")
def test_question():
    raise AwaitingPerson("Who is " + NAME + "?")

@pytest.mark.item("verify.branches")
def test_breaks():
    raise RuntimeError("::error::broken " + NAME)
"""


def output_on_a_terminal(project, *arguments):
    """All bytes that a round wrote to a terminal, colours included."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pytest", "--color=yes", *arguments, "--target", str(project.target)]
    process = subprocess.Popen(command, cwd=project.path, stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL)
    os.close(theirs)
    written = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        written += piece
    process.wait()
    os.close(ours)
    return written.decode(errors="replace").replace("\r\n", "\n")


@pytest.mark.parametrize("more", [(), ("-v",), ("-rA",), ("-q",)], ids=["plain", "verbose", "all", "quiet"])
def test_a_round_steers_no_terminal(project, more):
    project.checks(CHECKS)
    as_of = ("--as-of", "2026-01-15T17:00", "--reports", str(project.reports), "--no-later-pages")
    shown = output_on_a_terminal(project, "--round", "evening", *as_of, *more)
    assert "A cost of" in shown and "hidden" in shown
    assert "\x1b]0;" not in shown and "\x1b[2J" not in shown and "\x1b[8m" not in shown and "\x07" not in shown
    assert not [line for line in shown.splitlines() if line.lstrip().startswith("::") or "##[" in line]


def test_colours_of_pytest_itself_stay(project):
    project.checks(CHECKS)
    as_of = ("--as-of", "2026-01-15T17:00", "--reports", str(project.reports), "--no-later-pages")
    assert "\x1b[31m" in output_on_a_terminal(project, "--round", "evening", *as_of)


def test_a_sign_of_its_own_is_no_key_to_the_escape():
    class Writer:
        _current_line = ""

        def __init__(self):
            self.written = ""

        def markup(self, text, **_):
            return f"\x1b[31m{text}\x1b[0m"

        def write_raw(self, text, *, flush=False):
            self.written += text

        def write(self, text, *, flush=False, **markup):
            self.write_raw(self.markup(text, **markup), flush=flush)

    class Reporter:
        def __init__(self):
            self._tw = Writer()

        def rewrite(self, line, **markup):
            self._tw.write("\r" + line, **markup)

    reporter = Reporter()
    guard(reporter)
    reporter._tw.write("\u2060\u2061" * 16 + "[2J")
    assert "\x1b[2J" not in reporter._tw.written and reporter._tw.written.startswith("\x1b[31m")
    reporter.rewrite("collected 3")
    assert "\rcollected 3" in reporter._tw.written
