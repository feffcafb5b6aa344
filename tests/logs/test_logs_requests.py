"""Access logs: durations by route and channel, timeouts, silence and clocks."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from hypercare.logs import Logs
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.sections.business import ClosedDay
from hypercare.target_file.sections.logs import LogSource
from tests.standins.frozen_target import NOON, ago, frozen_target

HALF_A_SECOND, LIMIT = timedelta(seconds=0.5), timedelta(seconds=1.5)


def request(at, ms, *, route="/sales/{id}", channel="web", status=200):
    return json.dumps({
        "at": at.isoformat(), "method": "GET", "path": "/sales/1", "route": route, "status": status,
        "duration_ms": ms, "channel": channel, "trace_id": "t",
    }) + "\n"  # fmt: skip


def spread(durations, **what):
    return "".join(request(ago(minutes=100 - number * 0.5), ms, **what) for number, ms in enumerate(durations))


def logs_in(tmp_path, content, **source):
    path = tmp_path / "access.jsonl"
    path.write_text(content)
    settings = {"name": "access", "path": path, "holds": "access", **source}
    target = frozen_target(tmp_path, logs=(LogSource(**settings),))
    return Logs(target), target


def test_median_and_p95_by_nearest_rank(tmp_path):
    logs, target = logs_in(tmp_path, spread(range(1, 101)))
    overall = logs.requests(target.since_last_round).overall
    assert (overall.count, overall.median.microseconds, overall.p95.microseconds) == (100, 50_000, 95_000)


@pytest.mark.parametrize(
    ("durations", "slow"),
    [
        ([40] * 100, 0),
        ([499] * 94 + [1499] * 6, 0),
        ([40] * 94 + [1600] * 6, 1),
        ([501] * 100, 1),
        ([2000] * 2, 0),
        ([2000] * 3, 1),
    ],
    ids=["fast", "just-below", "slow-at-p95", "slow-median", "too-few", "few-but-very-slow"],
)
def test_slow_routes(tmp_path, durations, slow):
    logs, target = logs_in(tmp_path, spread(durations, route="/orders") + spread([30] * 100))
    requests = logs.requests(target.since_last_round)
    assert requests.slow_routes(median=HALF_A_SECOND, p95=LIMIT, at_least=20).count == slow


def test_one_slow_channel_is_told_from_the_others(tmp_path):
    logs, target = logs_in(tmp_path, spread([40] * 500) + spread([900] * 25, channel="mobile"))
    slow = logs.requests(target.since_last_round).slow_channels(median=HALF_A_SECOND, p95=LIMIT, at_least=20)
    assert [row["channel"] for row in slow.sample] == ["mobile"]


def test_the_combined_form_with_seconds_behind_it(tmp_path):
    line = '10.0.0.1 - anna [15/Jan/2026:11:50:00 +0100] "GET /sales/123?x=1 HTTP/1.1" 200 512 "-" "agent/1.0" 0.250\n'
    logs, target = logs_in(tmp_path, line, format="access")
    (route,) = logs.requests(target.since_last_round).by_route()
    assert (route.route, route.median) == ("GET /sales/{id}", timedelta(seconds=0.25))


def test_a_log_that_states_no_durations_is_told_from_one_that_says_little(tmp_path):
    logs, target = logs_in(tmp_path, spread([None] * 30))
    requests = logs.requests(target.since_last_round)
    assert (requests.count, requests.overall.count) == (30, 0)
    with pytest.raises(NotCovered, match="No request in the log access states how long it took") as gap:
        requests.require_durations()
    assert "[logs] fields" in gap.value.remedy
    for content in ("", spread([40] * 3), spread([None, 40])):
        logs, target = logs_in(tmp_path, content)
        logs.requests(target.since_last_round).require_durations()


def test_a_duration_under_another_name_is_found_once_it_is_named(tmp_path):
    line = json.dumps({"at": ago(minutes=5).isoformat(), "path": "/sales/1", "status": 200, "served_in": 40}) + "\n"
    logs, target = logs_in(tmp_path, line, fields={"duration_ms": "served_in"})
    requests = logs.requests(target.since_last_round)
    requests.require_durations()
    assert requests.overall.median == timedelta(milliseconds=40)


@pytest.mark.parametrize(
    ("content", "count"),
    [
        (request(ago(minutes=5), 40, status=504), 1),
        (request(ago(minutes=5), 40, status=408), 1),
        (request(ago(minutes=5), 10_000), 1),
        (request(ago(minutes=5), 9_900), 0),
        (request(ago(hours=9), 40, status=504), 0),
    ],
    ids=["gateway", "request", "too-long", "just-below", "before-the-period"],
)
def test_timeouts_in_requests(tmp_path, content, count):
    logs, target = logs_in(tmp_path, spread([40] * 20) + content)
    found = logs.timeouts(target.since_last_round, limit=timedelta(seconds=10), statement_limit=timedelta(seconds=30))
    assert found.count == count


@pytest.mark.parametrize(
    ("level", "message", "count"),
    [
        ("ERROR", "sqlite3.OperationalError: database is locked", 1),
        ("ERROR", "canceling statement due to statement timeout", 1),
        ("ERROR", "deadlock detected", 1),
        ("ERROR", "storniere Anfrage wegen Zeitüberschreitung einer Sperre", 1),
        ("ERROR", "annulation de la requête à cause du délai écoulé pour l'obtention des verrous", 1),
        ("ERROR", "cancelando la sentencia debido a que se agotó el tiempo de espera de candados (locks)", 1),
        ("ERROR", "Tempo de espera (timeout) de travamento excedido", 1),
        ("ERROR", "Lock wacht tijd overschreden", 1),
        ("ERROR", "выполнение оператора отменено из-за тайм-аута блокировки", 1),
        ("ERROR", "ОБНАРУЖЕНА ВЗАИМОБЛОКИРОВКА", 1),
        ("ERROR", "由于锁超时，取消语句操作", 1),
        ("ERROR", "ロックのタイムアウトのためステートメントをキャンセルしています", 1),
        ("ERROR", "(1205, 'Таймаут ожидания блокировки истек')", 1),
        ("ERROR", "SQLSTATE[40P01]: Verklemmung entdeckt", 1),
        ("ERROR", "ERROR 1205 (HY000): odotus loppui", 1),
        ("ERROR", "order 1205 (draft) could not be printed", 0),
        ("WARNING", "Zeitüberschreitung der Sitzung von anna", 0),
        ("WARNING", "terminando la conexión: se agotó el tiempo de espera para sesiones abiertas", 0),
        ("WARNING", "время сеанса anna: тайм-аут", 0),
        ("ERROR", "storniere Authentifizierung wegen Zeitüberschreitung", 0),
        ("ERROR", "canceling authentication due to timeout", 0),
        ("WARNING", "the card terminal timed out", 1),
        ("INFO", "session of anna timed out", 0),
        ("WARNING", "session timeout of anna after 30 minutes", 0),
        ("INFO", "statement timeout is set to 30 s", 0),
    ],
)
@pytest.mark.parametrize("as_ascii", [True, False], ids=["escaped", "as it is"])
def test_timeouts_in_words(tmp_path, level, message, count, as_ascii):
    path = tmp_path / "app.jsonl"
    told = {"at": ago(minutes=4).isoformat(), "level": level, "message": message}
    path.write_text(json.dumps(told, ensure_ascii=as_ascii) + "\n", encoding="utf-8")
    target = frozen_target(tmp_path, logs=(LogSource(name="app", path=path),))
    found = Logs(target).timeouts(
        target.since_last_round, limit=timedelta(seconds=10), statement_limit=timedelta(seconds=30)
    )
    assert found.count == count


def test_source_lines_of_a_traceback_are_no_timeout(tmp_path):
    stack = 'Traceback (most recent call last):\n  File "x.py", line 3\n    connect(timeout=5)\nValueError: bad total'
    path = tmp_path / "app.jsonl"
    record = {"at": ago(minutes=4).isoformat(), "level": "ERROR", "message": "not saved", "exception": stack}
    path.write_text(json.dumps(record) + "\n")
    target = frozen_target(tmp_path, logs=(LogSource(name="app", path=path),))
    found = Logs(target).timeouts(
        target.since_last_round, limit=timedelta(seconds=10), statement_limit=timedelta(seconds=30)
    )
    assert found.count == 0


@pytest.mark.parametrize(("took", "count"), [(31_000, 1), (800, 0)])
def test_long_statements_in_the_database_log(tmp_path, took, count):
    path = tmp_path / "database.jsonl"
    record = {"at": ago(minutes=4).isoformat(), "level": "WARNING", "message": "slow statement", "duration_ms": took}
    path.write_text(json.dumps(record) + "\n")
    target = frozen_target(tmp_path, logs=(LogSource(name="database", path=path, holds="database"),))
    found = Logs(target).timeouts(
        target.since_last_round, limit=timedelta(seconds=10), statement_limit=timedelta(seconds=30)
    )
    assert found.count == count


@pytest.mark.parametrize(
    ("last_line", "silent_after", "silent"),
    [
        (ago(minutes=10), None, 0),
        (ago(hours=20), None, 1),
        (ago(minutes=50), "45m", 1),
        (ago(minutes=40), "45m", 0),
        (ago(hours=14), "4h", 0),
    ],
    ids=["speaks", "nothing-since-the-last-round", "beyond-its-limit", "just-below", "the-night-does-not-count"],
)
def test_a_log_that_fell_silent(tmp_path, last_line, silent_after, silent):
    logs, _ = logs_in(tmp_path, request(last_line, 40), silent_after=silent_after)
    assert logs.silent().count == silent


def test_on_a_closed_day_no_log_has_to_speak(tmp_path):
    _, target = logs_in(tmp_path, request(ago(hours=12, minutes=15), 40), silent_after="30m")
    holiday = ClosedDay(day=NOON.date(), reason="moving house")
    for hours in (target.config.business.hours, ()):
        business = target.config.business.model_copy(update={"closed": (holiday,), "hours": hours})
        closed = replace(target, config=target.config.model_copy(update={"business": business}))
        assert Logs(closed).silent().count == 0


def test_an_empty_log_is_silent_only_where_it_ought_to_speak(tmp_path):
    logs, _ = logs_in(tmp_path, "", silent_after="45m")
    assert logs.silent().count == 1
    logs, _ = logs_in(tmp_path, "", holds="application")
    with pytest.raises(NotCovered, match="holds no line"):
        logs.silent()
    logs, _ = logs_in(tmp_path, "", holds="database")  # which only writes of what goes wrong
    assert logs.silent().count == 0


def test_a_log_that_was_quiet_for_as_long_before_is_not_silent(tmp_path):
    of_days_ago = [request(ago(days=days, hours=hours), 40) for days in (5, 2) for hours in (2, 1)]
    logs, _ = logs_in(tmp_path, "".join(of_days_ago))
    assert logs.silent().count == 0


def test_a_log_that_never_was_quiet_for_as_long_is_silent(tmp_path):
    hourly = [request(ago(hours=hours), 40) for hours in range(100, 19, -1)]
    logs, _ = logs_in(tmp_path, "".join(hourly))
    assert logs.silent().count == 1


def test_silence_before_opening_is_no_finding(tmp_path):
    path = tmp_path / "access.jsonl"
    path.write_text(request(ago(hours=18), 40))  # 18:00 the evening before
    morning = ago(hours=2.5)  # 09:30, half an hour after opening
    target = frozen_target(tmp_path, now=morning, logs=(LogSource(name="access", path=path, holds="access"),))
    assert Logs(target).silent().count == 0


@pytest.mark.parametrize(
    ("times", "wrong"),
    [
        ([ago(minutes=60 - n) for n in range(60)], 0),
        ([NOON + timedelta(minutes=n) for n in range(61)], 1),
        ([ago(minutes=100 - n) for n in range(90)] + [ago(minutes=80 - n) for n in range(30)], 1),
        (
            [ago(minutes=100 - n) for n in range(60)]
            + [ago(minutes=100)] * 5
            + [ago(minutes=40 - n) for n in range(40)],
            0,
        ),
    ],
    ids=["right", "an-hour-ahead", "put-back", "some-lines-late"],
)
def test_a_log_with_a_wrong_clock(tmp_path, times, wrong):
    logs, _ = logs_in(tmp_path, "".join(request(at, 40) for at in times))
    assert logs.with_wrong_clock().count == wrong


def test_server_errors_are_counted(tmp_path):
    logs, target = logs_in(tmp_path, spread([40] * 20) + request(ago(minutes=1), 40, status=500))
    assert logs.failed_requests(target.since_last_round).count == 1
