"""In a log whose lines are all of one form, one that is of another is found by the search as a reader finds it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hypercare.logs import searching
from hypercare.logs.blocks import Block
from hypercare.logs.errors import ErrorJudge
from hypercare.logs.filters import may_be_errors
from hypercare.logs.reading import LogReader, Window
from hypercare.target_file.sections.logs import LogSource
from tests.standins.frozen_target import NOON, ago

AT = '"at": "{at}"'
QUIET = {
    "level in the middle": '{{' + AT + ', "level": "INFO", "message": "sale {n} saved"}}',
    "level first": '{{"level":"info",' + AT + ',"message":"sale {n} saved"}}',
    "level last": '{{' + AT + ', "message": "sale {n} saved", "level": "DEBUG"}}',
    "at many places": '{{' + AT + ', "user": "{name}", "level": "INFO", "message": "sale saved"}}',
    "beside keys of its ending": '{{' + AT + ', "top_level": "North", "level": "INFO", "message": "sale {n} saved"}}',
    "numbers": '{{"time": "{at}", "level": 30, "msg": "sale {n} saved", "pid": 1, "hostname": "erp"}}',
}  # fmt: skip
ODD = {
    "an error": '{{' + AT + ', "level": "ERROR", "message": "cannot print"}}',
    "an error without spaces": '{{' + AT + ',"level":"ERROR","message":"cannot print"}}',
    "an error with many spaces": '{{' + AT + ', "level" :   "ERROR", "message": "cannot print"}}',
    "a level of no language": '{{' + AT + ', "level": "KABOOM", "message": "disk full"}}',
    "no level": '{{' + AT + ', "message": "MemoryError"}}',
    "no level but a value of its name": '{{' + AT + ', "field": "level", "message": "MemoryError"}}',
    "no level but a key of its ending": '{{' + AT + ', "top_level": "x", "message": "MemoryError"}}',
    "another level within, before": '{{"of": {{"level": "INFO"}}, ' + AT + ', "level": "ERROR", "message": "broke"}}',
    "another level within, behind": '{{' + AT + ', "level": "ERROR", "of": {{"level": "INFO"}}, "message": "broke"}}',
    "two levels": '{{' + AT + ', "level": "INFO", "message": "broke", "level": "ERROR"}}',
    "no object": "MemoryError",
    "an object cut off": '{{' + AT + ', "mess',
    "a traceback": 'Traceback (most recent call last):\n  File "a.py", line 1\nValueError: bad',
    "zeros before it": "\x00\x00" + '{{' + AT + ', "level": "ERROR", "message": "cannot print"}}',
}  # fmt: skip


@pytest.fixture(params=["RE2", "Python's own expressions"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if request.param != "RE2":
        monkeypatch.setattr(searching, "_re2", lambda: None)
    elif not searching.is_fast():
        pytest.skip("RE2 is not installed on this machine")
    for remembered in (searching.first_match, searching.end_of_match):
        remembered.cache_clear()
    yield
    for remembered in (searching.first_match, searching.end_of_match):
        remembered.cache_clear()


def filled(form: str, number: int, of: int) -> str:
    at = NOON - timedelta(seconds=of - number)
    return form.format(at=at.isoformat(), n=10_000 + number, name="x" * (number % 7))


def errors_by_place(reader: LogReader, *, searched: bool) -> dict[str, object]:
    judge, chosen = ErrorJudge(), may_be_errors(reader.understanding) if searched else None
    records = reader.records(Window(ago(days=1), None), chosen)
    kinds = {record.place: judge.kind(record, in_database=False) for record in records}
    return {place: kind for place, kind in kinds.items() if kind is not None}


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("quiet", QUIET)
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_line_is_found_wherever_it_stands(tmp_path: Path, quiet: str, odd: str) -> None:
    number = 240
    lines = [filled(QUIET[quiet], place, number) for place in range(number)]
    for place in (number, number // 2, 0):
        lines.insert(place, filled(ODD[odd], place, number))
    path = tmp_path / "app.log"
    path.write_text("\n".join(lines) + "\n")
    reader = LogReader(LogSource(name="app", path=path, format="json"), NOON, tmp_path)
    assert errors_by_place(reader, searched=True) == errors_by_place(reader, searched=False)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("quiet", QUIET)
def test_quiet_lines_of_one_form_are_not_decoded(tmp_path: Path, quiet: str) -> None:
    number = 120
    path = tmp_path / "app.log"
    path.write_text("".join(filled(QUIET[quiet], place, number) + "\n" for place in range(number)))
    reader = LogReader(LogSource(name="app", path=path, format="json"), NOON, tmp_path)
    assert list(reader.records(Window(ago(days=1), None), may_be_errors(reader.understanding))) == []


@pytest.mark.parametrize(
    ("lines", "part", "expected"),
    [
        (["ab: 1", "ab: 2"], b"ab:", True),
        (["x ab: 1", "y ab: 2"], b"ab:", True),
        (["x ab: 1", "xy ab: 2"], b"ab:", False),
        (["x ab: 1", "none"], b"ab:", False),
        (["none", "x ab: 1"], b"ab:", False),
        (["x ab: 1", "", "x ab: 2"], b"ab:", False),
        (["x ab: 1", "x", "x ab: 2"], b"ab:", False),
        ([], b"ab:", False),
    ],
)
@pytest.mark.parametrize("end", ["\n", ""])
def test_what_each_line_has_is_told_of_each(lines: list[str], part: bytes, expected: bool, end: str) -> None:
    body = ("\n".join(lines) + (end if lines else "")).encode()
    block = Block(body, 0, last=True)
    assert block.each_line_has(part) is expected
    assert block.lines == len(body.splitlines())


def test_all_that_json_may_write_before_a_level_is_looked_through(tmp_path: Path) -> None:
    lines = [json.dumps({"at": ago(seconds=99 - place).isoformat(), "level": "INFO", "m": "x"}) for place in range(99)]
    loud = json.dumps({"at": ago(seconds=1).isoformat(), "text": '"level": "INFO"', "level": "ERROR", "m": "broke"})
    path = tmp_path / "app.log"
    path.write_text("\n".join([*lines, loud]) + "\n")
    reader = LogReader(LogSource(name="app", path=path, format="json"), NOON, tmp_path)
    assert len(errors_by_place(reader, searched=True)) == 1
