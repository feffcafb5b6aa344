"""Text of a target steers no terminal and commands no build server."""

from __future__ import annotations

import io

import pytest

from hypercare.safe_text import SafeStream, on_terminal

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
]


@pytest.mark.parametrize("text", STEERS)
def test_nothing_steers_the_terminal(text: str) -> None:
    shown = on_terminal(text)
    assert not {*shown} & {ESCAPE, "\x07", "\r", "\x9b", "\u202e", "\u2028"}
    assert "\ufffd" in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error title=x::y", ": :error title=x::y"),
        ("fine\n  ::set-output name=a::b", "fine\n  : :set-output name=a::b"),
        ("a ##[add-mask]secret", "a # #[add-mask]secret"),
        ("##vso[task.complete]", "# #vso[task.complete]"),
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
    stream.write("::error::\n")
    assert below.getvalue() == "the name is ::error::\n: :error::\n"
    assert stream.getvalue() == below.getvalue()
