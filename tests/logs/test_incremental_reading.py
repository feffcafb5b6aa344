"""Of a log only what is new is read, and all that is known of it is what a reading of the whole would tell."""

import gzip
import json
import shutil
from datetime import timedelta

import pytest

from hypercare.history.memory import Memory
from hypercare.history.problem import HistoryProblem
from hypercare.history.store import History
from hypercare.log_levels.gravity import Gravity
from hypercare.logs import Logs, log_state
from hypercare.logs.errors import gravity_of
from hypercare.logs.filters import may_be_errors
from hypercare.logs.reading import LogReader, Window
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.sections.logs import KnownError, LogRule, LogSource
from tests.logs.json_memory import JsonMemory
from tests.logs.written_logs import FORMS, chance_of, encoded, settings_of, written
from tests.standins.frozen_target import NOON, ago, frozen_target


def line(at, level="INFO", message="sale saved"):
    return json.dumps({"at": at.isoformat(), "level": level, "message": message, "trace_id": "t1"}) + "\n"


def quiet(count, until=NOON):
    return "".join(line(until - timedelta(minutes=count - number)) for number in range(count))


def target_of(log, folder, now=NOON, settings=None, **sections):
    return frozen_target(folder, now=now, logs=(LogSource(name="app", path=log, **(settings or {})),), **sections)


def told(logs, target):
    """What is told of two periods, as the report has it."""
    periods = (target.since_last_round, target.today)
    try:
        found = [logs.errors(period) for period in periods]
    except NotCovered as gap:
        return gap.reason
    return [(sorted(errors.rows(), key=str), [gap.reason for gap in errors.gaps]) for errors in found]


def counted(log, folder, memory, **sections):
    """How many errors today has by the rounds that remember, and by one that reads all."""
    target = target_of(log, folder, **sections)
    whole = Logs(target).errors(target.today)
    errors = Logs(target, memory).errors(target.today)
    return errors.count, whole.count


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(2))
def test_rounds_that_remember_tell_what_one_that_reads_all_tells(log, tmp_path, form, seed):
    chance = chance_of(f"{form} {seed}")
    number, days = chance.choice([(40, 0.1), (300, 1), (400, 9)])
    start = ago(days=days)
    lines = encoded(written(form, chance, number, start, NOON), chance)
    content = b"".join(lines)
    memory, done, steps = JsonMemory(), 0, 7
    for step in range(1, steps + 1):
        end = sum(map(len, lines[: len(lines) * step // steps])) - chance.randrange(60) * (step < steps)
        with log.open("ab") as file:
            file.write(content[done:end])
        done = end
        target = target_of(log, tmp_path, start + (NOON - start) * step / steps, settings_of(form))
        assert told(Logs(target, memory), target) == told(Logs(target), target), f"step {step}"
        rotated(log, chance)


def rotated(log, chance):
    """Sometimes, in one of the ways in which logs are: the older pieces move on by one."""
    way = chance.choice(["rename", "copy", "pack", None, None])
    if way is None or not log.stat().st_size:
        return
    for number in range(9, 0, -1):
        for ending in ("", ".gz"):
            older = log.with_name(f"app.log.{number}{ending}")
            if older.exists():
                older.rename(log.with_name(f"app.log.{number + 1}{ending}"))
    first = log.with_name("app.log.1")
    if way == "copy":
        shutil.copyfile(log, first)
        log.write_bytes(b"")
    else:
        log.rename(first)
        log.touch()
    second = log.with_name("app.log.2")
    if way == "pack" and second.exists():
        second.with_name("app.log.2.gz").write_bytes(gzip.compress(second.read_bytes()))
        second.unlink()


@pytest.mark.parametrize("form", FORMS)
def test_the_search_lets_through_all_that_a_reader_takes_for_an_error(log, tmp_path, form):
    chance = chance_of(form)
    log.write_bytes(b"".join(encoded(written(form, chance, 1500, ago(days=1), NOON), chance)))
    reader = LogReader(LogSource(name="app", path=log, **settings_of(form)), NOON, tmp_path)
    window = Window(ago(days=7), None)
    in_database = reader.source.holds == "database"
    loud = [one.place for one in reader.records(window) if gravity_of(one, in_database=in_database) >= Gravity.ERROR]
    found = [record.place for record in reader.records(window, may_be_errors(reader.understanding))]
    assert [place for place in loud if place not in set(found)] == []
    assert loud


def test_a_second_round_reads_only_what_is_new(log, tmp_path, bytes_read):
    log.write_text(quiet(5000, ago(minutes=10)) + line(ago(minutes=9), "ERROR", "cannot print"))
    memory = JsonMemory()
    Logs(target_of(log, tmp_path), memory).errors(target_of(log, tmp_path).today)
    assert bytes_read() > 0.9 * log.stat().st_size
    with log.open("a") as file:
        file.write(line(ago(minutes=5), "ERROR", "cannot print"))
    target = target_of(log, tmp_path)
    errors = Logs(target, memory).errors(target.today)
    assert (errors.count, bytes_read() < 1000) == (2, True)


def test_several_checks_of_one_round_read_a_log_once(log, tmp_path, bytes_read):
    log.write_text(quiet(5000))
    target = target_of(log, tmp_path)
    logs = Logs(target)
    for period in (target.since_last_round, target.unreviewed, target.today):
        logs.errors(period)
    assert bytes_read() < 1.1 * log.stat().st_size


def test_what_arrives_between_two_questions_is_told_by_the_second(log, tmp_path):
    log.write_text(quiet(50))
    target = target_of(log, tmp_path)
    logs = Logs(target)
    assert logs.errors(target.today).count == 0
    with log.open("a") as file:
        file.write(line(ago(minutes=1), "CRITICAL", "down"))
    assert logs.errors(target.today).critical().count == 1


def test_a_packed_piece_is_unpacked_once(log, tmp_path, bytes_read):
    log.with_name("app.log.1.gz").write_bytes(gzip.compress((quiet(3000, ago(minutes=60))).encode()))
    log.write_text(quiet(50))
    memory = JsonMemory()
    for most in (10**9, 2 * log.stat().st_size):
        counted_bytes = Logs(target_of(log, tmp_path), memory).errors(target_of(log, tmp_path).today)
        assert counted_bytes.count == 0
        assert bytes_read() < most


ROTATIONS = {
    "renamed": lambda log: log.rename(log.with_name("app.log.1")),
    "copied and cut": lambda log: (shutil.copyfile(log, log.with_name("app.log.1")), log.write_text("")),
    "packed": lambda log: (
        log.with_name("app.log.1.gz").write_bytes(gzip.compress(log.read_bytes())),
        log.unlink(),
    ),
}


@pytest.mark.parametrize("way", ROTATIONS)
def test_a_rotation_loses_and_doubles_nothing(log, tmp_path, way):
    memory = JsonMemory()
    log.write_text(quiet(50, ago(minutes=20)) + line(ago(minutes=19), "ERROR", "cannot print"))
    assert counted(log, tmp_path, memory) == (1, 1)
    with log.open("a") as file:
        file.write(line(ago(minutes=10), "ERROR", "cannot print"))
    ROTATIONS[way](log)
    log.write_text(line(ago(minutes=5), "ERROR", "cannot print"))
    assert counted(log, tmp_path, memory) == (3, 3)
    assert counted(log, tmp_path, memory) == (3, 3)


def test_what_was_seen_of_a_piece_that_is_gone_still_counts(log, tmp_path):
    memory = JsonMemory()
    log.write_text(quiet(50, ago(minutes=20)) + line(ago(minutes=19), "ERROR", "cannot print") + line(ago(minutes=18)))
    assert counted(log, tmp_path, memory) == (1, 1)
    log.write_text(line(ago(minutes=5), "ERROR", "cannot print"))
    assert counted(log, tmp_path, memory) == (2, 1)


REWRITINGS = {
    "a line taken out": lambda text: text.replace(line(ago(minutes=40), "ERROR", "cannot print"), ""),
    "a word changed": lambda text: text.replace("cannot print", "CANNOT PRINT"),
    "its first half cut off": lambda text: text[len(line(NOON)) * 25 :],
}


@pytest.mark.parametrize("way", REWRITINGS)
def test_a_log_that_is_written_anew_is_read_anew(log, tmp_path, way):
    memory = JsonMemory()
    text = "".join(line(ago(minutes=100 - number)) for number in range(100))
    text = text.replace(line(ago(minutes=40)), line(ago(minutes=40), "ERROR", "cannot print"))
    log.write_text(text)
    assert counted(log, tmp_path, memory) == (1, 1)
    log.write_text(REWRITINGS[way](text))
    remembered, whole = counted(log, tmp_path, memory)
    assert remembered == whole


@pytest.mark.parametrize(
    "changed",
    [
        {"log_rules": (LogRule(says="sale saved", counts_as="critical"),)},
        {"known_errors": (KnownError(says="cannot print", owner="Ada"),)},
        {"settings": {"levels": {"INFO": "error"}}},
    ],
    ids=["rules", "known errors", "section"],
)
def test_another_rule_voids_what_is_remembered(log, tmp_path, changed):
    memory = JsonMemory()
    log.write_text(quiet(50, ago(minutes=20)) + line(ago(minutes=19), "ERROR", "cannot print"))
    counted(log, tmp_path, memory)
    before = told(Logs(target_of(log, tmp_path), memory), target_of(log, tmp_path))
    target = target_of(log, tmp_path, **changed)
    after = told(Logs(target, memory), target)
    assert after == told(Logs(target), target) != before


def test_how_many_lines_were_looked_at_stays_true(log, tmp_path):
    memory = JsonMemory()
    log.write_text(quiet(600, ago(minutes=30)))
    for more in ("", line(ago(minutes=3)), ""):
        with log.open("a") as file:
            file.write(more)
        readers = []
        for given in (memory, None):
            target = target_of(log, tmp_path)
            logs = Logs(target, given)
            reader = next(iter(logs._readers.each("application")))
            logs._errors_in(reader, logs._window(target.today))
            readers.append(reader.tally.lines)
        assert readers[0] == readers[1] == log.read_text().count("\n")


def test_a_log_with_too_much_to_tell_is_not_remembered(log, tmp_path, monkeypatch):
    monkeypatch.setattr(log_state, "_MOST_KINDS", 4)
    memory = JsonMemory()
    words = ("printer", "scanner", "till", "mail", "stock", "price")
    log.write_text("".join(line(ago(minutes=9), "ERROR", f"no {word} answers") for word in words))
    assert counted(log, tmp_path, memory) == (6, 6)
    assert memory.values == {}


def test_what_is_remembered_by_another_version_is_read_anew(log, tmp_path):
    memory = JsonMemory()
    log.write_text(line(ago(minutes=9), "ERROR", "cannot print") + line(ago(minutes=8)))
    counted(log, tmp_path, memory)
    memory.values = {name: json.dumps({"of": "others"}) for name in memory.values}
    assert counted(log, tmp_path, memory) == (1, 1)


def test_a_round_of_the_past_neither_recalls_nor_remembers(log, tmp_path):
    memory = JsonMemory()
    log.write_text(quiet(50) + line(ago(minutes=1), "ERROR", "cannot print"))
    target = frozen_target(tmp_path, as_of=ago(hours=3), logs=(LogSource(name="app", path=log),))
    assert Logs(target, memory).errors(target.today).count == 0
    assert memory.values == {}


def access_line(at, status=200, took="0.120"):
    return (
        f'10.0.0.7 - ada [{at:%d/%b/%Y:%H:%M:%S} +0000] "GET /sales/{at.minute} HTTP/1.1" {status} 512 "-" "-" {took}\n'
    )


def test_questions_about_requests_share_one_reading_and_a_second_look_reads_anew(log, tmp_path, bytes_read):
    log.write_text("".join(access_line(ago(minutes=100 - number)) for number in range(99)))
    target = target_of(log, tmp_path, settings={"format": "access", "holds": "access"})
    logs, period = Logs(target), target.since_last_round
    limits = {"limit": target.config.limits.request_timeout, "statement_limit": timedelta(minutes=1)}
    answers = (logs.requests(period).count, logs.failed_requests(period).count, logs.timeouts(period, **limits).count)
    assert (answers, bytes_read()) == ((99, 0, 0), log.stat().st_size)
    with log.open("a") as file:
        file.write(access_line(ago(minutes=1), status=503))
    assert (logs.failed_requests(period).count, bytes_read()) == (1, log.stat().st_size)


def test_no_secret_is_remembered(log, tmp_path):
    log.write_text(line(ago(minutes=9), "ERROR", "no log-in with 'hunter22'") + line(ago(minutes=8)))
    target, memory = target_of(log, tmp_path), JsonMemory()
    target.redactor.learn(["hunter22"])
    assert Logs(target, memory).errors(target.today).count == 1
    assert "no log-in with" in str(memory.values)
    assert "hunter22" not in str(memory.values)


def test_a_history_that_is_not_at_hand_keeps_nobody_from_reading(log, tmp_path):
    def unreachable():
        raise HistoryProblem("the history cannot be reached")

    log.write_text(line(ago(minutes=9), "ERROR", "cannot print") + line(ago(minutes=8)))
    target = target_of(log, tmp_path)
    assert Logs(target, Memory(unreachable)).errors(target.today).count == 1


def test_what_a_round_read_is_known_to_the_next_by_the_history(log, tmp_path, bytes_read):
    history = History(tmp_path / "history.sqlite", "tried")
    log.write_text(quiet(3000, ago(minutes=9)) + line(ago(minutes=8), "ERROR", "cannot print") + line(ago(minutes=7)))
    for most in (10**9, 1000):
        target = target_of(log, tmp_path)
        assert Logs(target, Memory(lambda: history)).errors(target.today).count == 1
        assert bytes_read() < most
    history.close()
