"""Errors are found in every format, at their own time, and are classed."""

import gzip
import json
from datetime import timedelta

import pytest

from hypercare.logs import Logs
from hypercare.logs.fingerprint import fingerprint
from hypercare.outcome.signals import ChannelDown, NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.sections.logs import KnownError, LogSource
from tests.standins.frozen_target import NOON, ago, frozen_target


def line(at, level="INFO", message="sale saved", **more):
    return json.dumps({"at": at.isoformat(), "level": level, "message": message, "trace_id": "t1", **more}) + "\n"


def quiet(count=50, until=NOON):
    return "".join(line(until - timedelta(minutes=count - number)) for number in range(count))


@pytest.fixture
def log(tmp_path):
    return tmp_path / "app.jsonl"


def logs_of(path, tmp_path, **source):
    format_ = source.pop("format", "json")
    target = frozen_target(tmp_path, logs=(LogSource(name="app", path=path, format=format_, **source),))
    return Logs(target), target


def test_a_quiet_log_has_no_error(log, tmp_path):
    log.write_text(quiet())
    logs, target = logs_of(log, tmp_path)
    assert logs.errors(target.since_last_round).count == 0


@pytest.mark.parametrize(
    "written",
    [
        line(ago(minutes=5), "CRITICAL", "the ledger does not balance"),
        line(ago(minutes=5), "fatal", "cannot go on"),
        line(ago(minutes=5), "ERROR", "sqlite3.DatabaseError: database disk image is malformed"),
        line(ago(minutes=5), "ERROR", "write failed: No space left on device"),
        line(ago(minutes=5), "ERROR", "OSError: [Errno 28] Auf dem Gerät ist kein Speicherplatz mehr verfügbar"),
        line(ago(minutes=5), "ERROR", "SQLSTATE[25006]: kann INSERT nicht in einer Read-Only-Transaktion ausführen"),
        line(ago(minutes=5), "ERROR", "1290 The MySQL server is running with the --read-only option"),
        line(ago(minutes=5)).replace('"level": "INFO"', '"severity": 2'),
        "CRITICAL the disk is gone\n",
        f"{ago(minutes=5):%Y-%m-%d %H:%M:%S},123 CRITICAL worker: gave up\n",
        line(ago(minutes=5), "CRITICAL", "cut off in the middle")[:-25],
        line(ago(minutes=5), "CRITICAL", "x" * 10_000_000),
        line(ago(minutes=5), "CRITICAL", "after the crash").replace("after", "after\x00\x00"),
        "\x00" * 5000 + line(ago(minutes=5), "CRITICAL", "first after the power was back"),
    ],
    ids=[
        "level",
        "small-level",
        "deadly-words",
        "disk-full",
        "disk-full-by-its-number",
        "nothing-written-by-its-state",
        "nothing-written-by-the-option",
        "syslog-number",
        "plain-without-time",
        "plain-with-time",
        "broken-json",
        "ten-megabytes",
        "zeros-inside",
        "zeros-before",
    ],
)
@pytest.mark.parametrize("last", [True, False], ids=["at-the-end", "in-the-middle"])
def test_a_critical_record_is_found(log, tmp_path, written, last):
    after = "" if last else ("" if written.endswith("\n") else "\n") + quiet(3)
    log.write_text(quiet() + written + after)
    logs, target = logs_of(log, tmp_path)
    found = logs.errors(target.since_last_round).critical()
    assert found.count == 1


def test_broken_utf8_does_not_hide_an_error(log, tmp_path):
    bad = line(ago(minutes=5), "CRITICAL", "caf\u00e9 lost").encode("utf-8").replace(b"caf", b"caf\xff\xfe")
    log.write_bytes(quiet().encode() + b"\xc3\x28 noise\n" + bad)
    logs, target = logs_of(log, tmp_path)
    assert logs.errors(target.since_last_round).critical().count == 1


def test_only_the_period_counts(log, tmp_path):
    log.write_text(line(ago(hours=20), "CRITICAL", "long ago") + quiet())
    logs, target = logs_of(log, tmp_path)
    assert logs.errors(target.since_last_round).count == 0
    assert logs.errors(Period(ago(hours=24), NOON)).critical().count == 1


def test_what_arrives_during_the_look_counts_but_not_in_a_replay(log, tmp_path):
    log.write_text(quiet() + line(NOON + timedelta(seconds=30), "CRITICAL", "just now"))
    logs, target = logs_of(log, tmp_path)
    assert logs.errors(target.since_last_round).critical().count == 1
    replay = frozen_target(tmp_path, now=NOON + timedelta(hours=5), as_of=NOON, logs=target.config.logs)
    assert Logs(replay).errors(replay.since_last_round).count == 0


def test_a_traceback_belongs_to_the_record_above_it(log, tmp_path):
    stack = 'Traceback (most recent call last):\n  File "x.py", line 3, in save\nValueError: bad total 12.50\n'
    log.write_text(
        f"{ago(hours=30):%Y-%m-%d %H:%M:%S} ERROR sales: could not save\n{stack}"
        f"{ago(minutes=9):%Y-%m-%d %H:%M:%S} INFO sales: fine\n"
    )
    logs, target = logs_of(log, tmp_path, format="python")
    assert logs.errors(target.since_last_round).count == 0
    found = logs.errors(Period(ago(hours=48), NOON)).groups
    assert len(found) == 1
    assert found[0].sample.endswith("ValueError: bad total 12.50")


def test_a_crash_written_without_a_time_at_the_end_is_recent(log, tmp_path):
    stack = 'Traceback (most recent call last):\n  File "x.py", line 3, in run\nKeyError: 7\n'
    log.write_text(line(ago(hours=30)) + stack)
    logs, target = logs_of(log, tmp_path)
    assert logs.errors(target.since_last_round).unclassed().count == 1


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_rotated_pieces_are_read_too(log, tmp_path, packed):
    older = line(ago(minutes=90), "CRITICAL", "before the rotation").encode()
    if packed:
        log.with_name("app.jsonl.1.gz").write_bytes(gzip.compress(older))
    else:
        log.with_name("app.jsonl.1").write_bytes(older)
    log.write_text(quiet(10))
    logs, target = logs_of(log, tmp_path)
    assert logs.errors(target.since_last_round).critical().count == 1


def test_a_rotation_between_two_lines_loses_and_doubles_nothing(log, tmp_path, monkeypatch):
    from hypercare.logs import pieces

    log.write_text(quiet(10) + line(ago(minutes=2), "CRITICAL", "right before"))
    logs, target = logs_of(log, tmp_path)
    listing = pieces.rotated
    rotations = []

    def rotating(path):
        if not rotations:
            rotations.append(path.rename(path.with_name("app.jsonl.1")))
            path.write_text(line(ago(minutes=1), "CRITICAL", "right after"))
        return listing(path)

    monkeypatch.setattr(pieces, "rotated", rotating)
    assert logs.errors(target.since_last_round).critical().count == 2


def test_a_log_cut_to_zero_while_it_is_read_breaks_nothing(log, tmp_path, monkeypatch):
    from hypercare.logs import reading

    log.write_text(quiet(5000))
    logs, target = logs_of(log, tmp_path)
    blocks = reading.blocks_from_end

    def cutting(piece, head, stop=0):
        log.write_text("")
        return blocks(piece, head, stop)

    monkeypatch.setattr(reading, "blocks_from_end", cutting)
    assert logs.errors(target.since_last_round).count == 0


@pytest.mark.parametrize("kind", ["missing", "folder", "no-folder"])
def test_a_log_that_cannot_be_read_is_a_way_down(log, tmp_path, kind):
    if kind == "folder":
        log.mkdir()
    path = tmp_path / "gone" / "app.jsonl" if kind == "no-folder" else log
    logs, target = logs_of(path, tmp_path)
    with pytest.raises(ChannelDown) as down:
        logs.errors(target.since_last_round)
    assert down.value.way == "logs"


def test_no_log_configured_is_not_covered(tmp_path):
    target = frozen_target(tmp_path)
    with pytest.raises(NotCovered):
        Logs(target).errors(target.today)


@pytest.mark.parametrize(
    ("level", "message", "expected"),
    [
        ("WARNING", "log-in refused: wrong password", "user error"),
        ("ERROR", "payments do not add up to the sale", "user error"),
        ("ERROR", "connection reset by the printer", "other"),
        ("CRITICAL", "wrong password store", "critical"),
        ("ERROR", "MemoryError", "critical"),
    ],
)
def test_errors_are_classed(log, tmp_path, level, message, expected):
    log.write_text(quiet() + line(ago(minutes=3), level, message))
    logs, target = logs_of(log, tmp_path)
    rows = logs.errors(target.today).rows()
    assert [row["class"] for row in rows] == [expected]


def test_a_warning_alone_is_no_error(log, tmp_path):
    log.write_text(quiet() + line(ago(minutes=3), "WARNING", "the cache is cold"))
    logs, target = logs_of(log, tmp_path)
    assert logs.errors(target.today).rows() == []


@pytest.mark.parametrize(
    ("hours_ago", "recurring"),
    [
        ([0.5, 1], 0),
        ([0.5, 1, 1.5], 3),
        ([1, 25], 0),
        ([1, 25, 49], 1),
        ([0.5, 1, 25], 2),
        ([1, 25, 25.5], 0),
    ],
    ids=["twice-today", "three-times", "once-a-day-twice", "three-days", "growing", "falling"],
)
def test_recurring_counts_within_a_day_and_across_days(log, tmp_path, hours_ago, recurring):
    records = [
        line(ago(hours=back), "ERROR", f"printer {back} refused order HAR-2026-{number}")
        for number, back in enumerate(sorted(hours_ago, reverse=True))
    ]
    log.write_text("".join(records) + quiet(3))
    logs, target = logs_of(log, tmp_path)
    assert logs.errors(target.today).recurring().count == recurring


def test_an_error_seen_on_an_earlier_day_is_not_new(log, tmp_path):
    log.write_text(
        line(ago(hours=50), "ERROR", "printer 1 refused")
        + line(ago(minutes=8), "ERROR", "printer 2 refused")
        + line(ago(minutes=7), "ERROR", "never seen")
    )
    logs, target = logs_of(log, tmp_path)
    fresh = logs.errors(target.since_last_round).never_seen_before(target.since_last_round)
    assert [row["says"] for row in fresh.sample] == ["never seen"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("could not save sale 124 'Anna'", "could not save sale 99 'Bert'"),
        ("token a3f09bc1d2 expired", "token ffee00112233 expired"),
        ("no row 6a1b2c3d-0000-1111-2222-333344445555", "no row 7a1b2c3d-0000-1111-2222-333344445555"),
        ("at 2026-01-15T09:00:00Z it broke", "at 2026-02-01 10:11:12,5 it broke"),
    ],
)
def test_fingerprints_mask_what_differs_each_time(one, other):
    assert fingerprint(one) == fingerprint(other)


def test_fingerprints_keep_what_differs_in_kind():
    assert fingerprint("printer refused") != fingerprint("scanner refused")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('ERROR "ledger posting broke beta"', 'ERROR "stock posting broke gamma"'),
        ("[error] shop.Orders - 'label printing broke'", "[error] shop.Orders - 'goods receipt broke'"),
    ],
)
def test_fingerprints_keep_a_message_that_is_quoted_as_a_whole(one, other):
    assert fingerprint(one) != fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('no such customer "Miller and Sons Limited"', 'no such customer "Bakery of the Old Town"'),
        ('relation "sale" does not exist', 'relation "cost" does not exist'),
        (
            "ERROR \"could not post sale 'SO17' of branch north\"",
            "ERROR \"could not post sale 'SO18' of branch north\"",
        ),
    ],
)
def test_fingerprints_mask_the_values_inside_a_message(one, other):
    assert fingerprint(one) == fingerprint(other)


def quoted(form):
    rows = [
        (ago(hours=25), "ERROR", "the till drawer jammed"),
        (ago(minutes=60), "INFO", "session opened"),
        (ago(minutes=50), "ERROR", "validation failed for the supplier form"),
        (ago(minutes=40), "ERROR", "label printing broke"),
        (ago(minutes=30), "ERROR", "goods receipt broke"),
    ]
    return "".join(form.format(at=at, level=level, says=says) + "\n" for at, level, says in rows)


@pytest.mark.parametrize(
    "form",
    [
        "{at:%Y-%m-%d %H:%M:%S} {level} {says}",
        '{at:%Y-%m-%d %H:%M:%S} {level} "{says}"',
        'time={at:%Y-%m-%dT%H:%M:%S} level={level} msg="{says}"',
        'ts={at:%Y-%m-%dT%H:%M:%SZ} lvl={level} logger=shop message="{says}" order="SO 17"',
        "time:{at:%Y-%m-%dT%H:%M:%SZ}\tlevel:{level}\tmessage:{says}",
        '"{at:%Y-%m-%d %H:%M:%S}","{level}","{says}"',
    ],
)
def test_quoted_messages_are_told_apart_as_plain_ones(log, tmp_path, form):
    log.write_text(quoted(form))
    logs, target = logs_of(log, tmp_path, format="text")
    errors = logs.errors(target.since_last_round)
    new = errors.never_seen_before(target.since_last_round)
    assert (new.count, new.of, errors.by_users().count) == (2, 3, 1)


def test_new_kinds_are_told_beside_a_critical_error(log, tmp_path):
    written = line(ago(minutes=8), "CRITICAL", "the ledger is lost") + line(ago(minutes=7), "ERROR", "labels broke")
    log.write_text(quiet() + written)
    logs, target = logs_of(log, tmp_path)
    errors = logs.errors(target.since_last_round)
    fresh = errors.never_seen_before(target.since_last_round)
    assert errors.critical().count == 1
    assert [row["says"] for row in fresh.sample] == ["labels broke"]


KNOWN = "the printer of the back office is offline"


@pytest.mark.parametrize(
    ("known", "unclassed"),
    [
        ({}, 1),
        ({"says": "printer of the back office"}, 0),
        ({"says": "printer of the back office", "until": NOON.date()}, 0),
        ({"says": "printer of the back office", "until": NOON.date() - timedelta(days=1)}, 1),
        ({"says": "printer of the front desk"}, 1),
    ],
)
def test_what_somebody_has_looked_at_is_known_until_its_day(log, tmp_path, known, unclassed):
    log.write_text(quiet() + line(ago(minutes=5), "ERROR", KNOWN))
    source = LogSource(name="app", path=log)
    listed = (KnownError(owner="Mara", **known),) if known else ()
    target = frozen_target(tmp_path, logs=(source,), known_errors=listed)
    errors = Logs(target).errors(target.since_last_round)
    assert errors.unclassed().count == unclassed
    assert errors.never_seen_before(target.since_last_round).count == unclassed


def test_a_critical_error_is_never_known(log, tmp_path):
    log.write_text(quiet() + line(ago(minutes=5), "CRITICAL", KNOWN))
    source = LogSource(name="app", path=log)
    target = frozen_target(tmp_path, logs=(source,), known_errors=(KnownError(says="printer", owner="Mara"),))
    assert Logs(target).errors(target.since_last_round).critical().count == 1
