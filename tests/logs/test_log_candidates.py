"""The search for lines that may be errors is never narrower than what a reader of the log takes for one."""

import json
from datetime import timedelta

import pytest

from hypercare.log_levels.gravity import Gravity
from hypercare.log_levels.level_words import IN_PLACE
from hypercare.logs.errors import gravity_of
from hypercare.logs.filters import may_be_errors
from hypercare.logs.reading import LogReader, Window
from hypercare.target_file.sections.logs import LogSource
from tests.standins.frozen_target import NOON, ago

LOUD = sorted(word for word, gravity in IN_PLACE.items() if gravity >= Gravity.ERROR)
FORMS = {
    "bare": "{at:%Y-%m-%d %H:%M:%S} {level} stock posting {n}",
    "in brackets": "{at:%Y-%m-%d %H:%M:%S} [{level}] stock posting {n}",
    "before a colon": "{at:%Y-%m-%d %H:%M:%S} host shop: {level}: stock posting {n}",
    "at any place": "{at:%Y-%m-%d %H:%M:%S} {x}[{level}] stock posting {n}",
    "between bars": "{at:%Y-%m-%d %H:%M:%S}|{level}|stock posting {n}",
    "behind a key": 'time={at:%Y-%m-%dT%H:%M:%SZ} level={level} msg="stock posting {n}"',
    "priorities beside": "<{pri}>{at:%b %d %H:%M:%S} host shop: {x}{level}: stock posting {n}",
    "json": '{{"at": "{at:%Y-%m-%dT%H:%M:%SZ}", "level": "{level}", "message": "stock posting {n}"}}',
    "json within json": '{{"time": "{at:%Y-%m-%dT%H:%M:%SZ}", "log": "{level}: stock posting {n}"}}',
    "journal": '{{"__REALTIME_TIMESTAMP": "{us}", "PRIORITY": "6", "MESSAGE": "{level}: stock posting {n}"}}',
}
CASES = {"capitals": str.upper, "small": str.lower, "title": str.capitalize}


def lines(form, case, loud):
    levels = ["info"] * 3 + [word for one in loud for word in (one, "info", "info")]
    for number, level in enumerate(levels):
        at = NOON - timedelta(minutes=len(levels) - number)
        x = "x " * (number % 9)
        us = round(at.timestamp() * 1e6)
        yield FORMS[form].format(at=at, level=case(level), n=number, x=x, us=us, pri=14 if level == "info" else 11)


def reader_of(tmp_path, content, **settings):
    path = tmp_path / "app.log"
    path.write_text(content, encoding="utf-8")
    return LogReader(LogSource(name="app", path=path, **settings), NOON, tmp_path / "scratch")


def loud_places(reader, chosen):
    window = Window(ago(days=7), None)
    return {record.place for record in reader.records(window, chosen) if record.gravity >= Gravity.WARNING}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("form", FORMS)
def test_what_a_reader_takes_for_an_error_is_found_by_the_search(tmp_path, form, case):
    content = "".join(f"{line}\n" for line in lines(form, CASES[case], LOUD))
    reader = reader_of(tmp_path, content, format="json" if form.startswith(("js", "jo")) else "text")
    everything = loud_places(reader, None)
    assert loud_places(reader, may_be_errors(reader.understanding)) == everything
    assert everything, "the reader itself knows none of them"


@pytest.mark.parametrize(("quiet", "loud"), [(30, 50), (200, 400), (6, 3), (9, 17), (800, 1000)])
def test_numbers_are_found_by_the_search_too(tmp_path, quiet, loud):
    extra = {"msg": "x", "pid": 1, "hostname": "erp"} if loud == 50 else {"message": "x"}
    key = "severityNumber" if loud == 17 else "level"
    content = "".join(
        json.dumps({"time": ago(minutes=60 - number).isoformat(), key: loud if number % 7 == 3 else quiet, **extra})
        + "\n"
        for number in range(50)
    )
    reader = reader_of(tmp_path, content)
    found = loud_places(reader, may_be_errors(reader.understanding))
    assert (len(found), found) == (7, loud_places(reader, None))


@pytest.mark.parametrize("line", ["E{at:%m%d %H:%M:%S}.123456 1 shop.go:1] broke", "{at:%Y-%m-%d %H:%M:%S} E broke"])
def test_letters_are_found_by_the_search_too(tmp_path, line):
    quiet = line.replace("E{at", "I{at").replace("} E ", "} I ")
    rows = (line if number % 7 == 3 else quiet for number in range(50))
    content = "".join(row.format(at=ago(minutes=60 - number)) + "\n" for number, row in enumerate(rows))
    reader = reader_of(tmp_path, content, format="text")
    found = loud_places(reader, may_be_errors(reader.understanding))
    assert (len(found), found) == (7, loud_places(reader, None))


GRAVE = [
    "MemoryError", "OutOfMemory", "out of memory", "no space left on device", "disk full", "disk is full",
    "disk I/O error", "database disk image is malformed", "file is not a database", "segmentation fault",
    "core dumped", "Killed", "data loss", "database loss", "data corrupt", "corrupted", "corruption",
    "invalid page in block", "could not fsync", "could not write to file", "too many open files",
    "too many clients", "too many connections", "read-only file system", "PANIC", "disk quota exceeded", "ENOSPC",
    "EROFS", "errno 28", "err: 30", "SQLSTATE 53100", "SQLSTATE[XX001]", "SQLITE_FULL", "SQLITE_IOERR",
    "Kein Speicherplatz mehr", "не осталось свободного места", "磁盘已满", "Trop de clients sont déjà connectés",
]  # fmt: skip
WITHOUT_A_LEVEL = {
    "text": "{at:%Y-%m-%d %H:%M:%S} {grave}",
    "keyed": 'time={at:%Y-%m-%dT%H:%M:%SZ} msg="{grave}"',
    "json": '{{"at": "{at:%Y-%m-%dT%H:%M:%SZ}", "message": "{grave}"}}',
}
WITH_ONE = {
    "text": "{at:%Y-%m-%d %H:%M:%S} ERROR: {grave}",
    "keyed": 'time={at:%Y-%m-%dT%H:%M:%SZ} level=info msg="{grave}"',
    "json": '{{"at": "{at:%Y-%m-%dT%H:%M:%SZ}", "level": "info", "message": "{grave}"}}',
}


@pytest.mark.parametrize("is_escaped", [False, True])
@pytest.mark.parametrize("form", WITHOUT_A_LEVEL)
def test_what_is_grave_without_a_level_is_found_by_the_search_too(tmp_path, form, is_escaped):
    texts = [json.dumps(text)[1:-1] for text in GRAVE] if is_escaped and form == "json" else GRAVE
    content = "".join(
        forms[form].format(at=NOON - timedelta(minutes=number), grave=text) + "\n"
        for number, text in enumerate(reversed(texts))
        for forms, text in ((WITHOUT_A_LEVEL, text), (WITH_ONE, "sale saved"))
    )
    reader = reader_of(tmp_path, content, format="json" if form == "json" else "text")
    chosen = may_be_errors(reader.understanding)
    assert chosen is not None
    window = Window(ago(days=7), None)
    grave, found = (
        {one.place for one in reader.records(window, some) if gravity_of(one, in_database=False) is Gravity.CRITICAL}
        for some in (None, chosen)
    )
    assert found == grave
    assert len(grave) >= len(GRAVE) - 2, "the reader itself knows few of them"
