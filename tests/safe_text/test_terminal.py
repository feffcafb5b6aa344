"""Text of a target steers no terminal and commands no build server."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from _pytest._io import TerminalWriter

from hypercare.safe_text import SafeStream, guard, on_terminal, say

ESCAPE = "\x1b"
STEERS = [
    f"{ESCAPE}]0;title\x07",
    f"{ESCAPE}[2J{ESCAPE}[H",
    f"{ESCAPE}[8mconcealed{ESCAPE}[0m",
    "\x9b31m",
    "back\rover",
    "abc\u202edef",
    "\x07",
    "line\u2028line",
    "abc\u061cdef",
    "abc\u206adef",
]


@pytest.mark.parametrize("text", STEERS)
def test_nothing_steers_the_terminal(text: str) -> None:
    shown = on_terminal(text)
    assert not {*shown} & {ESCAPE, "\x07", "\r", "\x9b", "\u202e", "\u2028", "\u061c", "\u206a"}
    assert "\ufffd" in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error title=x::y", ": :error title=x::y"),
        ("fine\n  ::set-output name=a::b", "fine\n  : :set-output name=a::b"),
        ("a ##[add-mask]secret", "a # #[add-mask]secret"),
        ("##vso[task.complete]", "# #vso[task.complete]"),
        ("a ##teamcity[buildStop comment='x']", "a # #teamcity[buildStop comment='x']"),
        ("tests/test_a.py::test_b", "tests/test_a.py::test_b"),
        ("# ## [a](b)", "# ## [a](b)"),
    ],
)
def test_no_line_is_a_command_of_a_build_server(text: str, shown: str) -> None:
    assert on_terminal(text) == shown


def test_within_a_line_two_colons_are_no_command() -> None:
    assert on_terminal("::test_a", begins_line=False) == "::test_a"
    assert on_terminal("a\n::test_a", begins_line=False) == "a\n: :test_a"


def test_a_stream_knows_where_its_lines_begin() -> None:
    below = io.StringIO()
    stream = SafeStream(below)
    stream.write("the name is ")
    stream.write("::error::\n")
    stream.writelines(["::error::\n", "::error::\n"])
    assert below.getvalue() == "the name is ::error::\n: :error::\n: :error::\n"
    assert stream.getvalue() == below.getvalue()


def test_words_that_are_written_one_by_one_are_one_line() -> None:
    below = io.StringIO()
    print("  ", "::error title=x::y", file=SafeStream(below))
    print("named", "::error title=x::y", file=SafeStream(below))
    assert below.getvalue() == "   : :error title=x::y\nnamed ::error title=x::y\n"


def test_what_is_said_beside_pytest_is_safe_too() -> None:
    below = io.StringIO()
    say(f"::error::{ESCAPE}[2J", below)
    assert below.getvalue() == ": :error::\ufffd[2J\n"


@pytest.fixture
def writer() -> TerminalWriter:
    """pytest's, guarded, as on a terminal that shows colours; `_file` is what it wrote."""
    found = TerminalWriter(io.StringIO())
    found.hasmarkup = True
    guard(SimpleNamespace(_tw=found, rewrite=lambda line: None))
    return found


def test_what_pytest_marks_up_keeps_its_colour_and_nothing_else_has_one(writer: TerminalWriter) -> None:
    writer.line(writer.markup("passed", green=True) + f" {ESCAPE}[31mred", bold=True)
    writer._write_source(["answer = 42"])
    written = writer._file.getvalue()
    assert f"{ESCAPE}[32mpassed{ESCAPE}[0m \ufffd[31mred" in written
    assert f"{ESCAPE}[94m42" in written


def test_a_command_behind_blanks_that_pytest_wrote_is_none(writer: TerminalWriter) -> None:
    writer.write("    ")
    writer.line("::error title=x::y")
    assert writer._file.getvalue() == "    : :error title=x::y\n"


def test_the_end_of_a_line_goes_on_in_the_colour_of_its_words(writer: TerminalWriter) -> None:
    goes_on = writer.markup("", green=True)
    assert goes_on.endswith(f"{ESCAPE}[0m")
    writer.line(goes_on.removesuffix(f"{ESCAPE}[0m") + " ===")
    assert writer._file.getvalue() == f"{ESCAPE}[32m ===\n"


def test_what_explains_an_assertion_goes_into_files_without_any_sign(writer: TerminalWriter) -> None:
    explained = writer._highlight("{'a': 1} != {'a': 2}")
    assert explained == "{'a': 1} != {'a': 2}"


def test_a_reporter_that_is_not_as_that_of_pytest_is_left_as_it_is() -> None:
    reporter = SimpleNamespace()
    guard(reporter)
    assert vars(reporter) == {}
