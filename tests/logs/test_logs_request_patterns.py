"""Requests told by lines of a form of their own: a pattern in the target file says what stands where."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hypercare.logs import Logs
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import CanarySection
from hypercare.target_file.request_pattern import check_request_pattern, duration_in
from hypercare.target_file.sections.logs import LogSource
from tests.standins.frozen_target import ago, frozen_target

TRYTON = r"trytond\.protocols\.dispatcher (?P<route>[\w.]+)\(.*\) from (?P<user>\S*)@\S+ in (?P<duration_ms>\d+) ms"
UWSGI = (
    r"\} \[.*\] (?P<method>[A-Z]+) (?P<path>\S+) => generated \d+ bytes in (?P<duration>\d+ \w+)"
    r" \(HTTP/\S+ (?P<status>\d+)"
)
GO = r'"(?P<method>[A-Z]+) (?P<path>\S+) \S+" from \S+ - (?P<status>\d+) \d+B in (?P<duration>\S+)'
BALANCER = (
    r'^\w+ (?P<at>\S+) app/\S+ \S+ \S+ \S+ (?P<duration_s>[\d.]+) \S+ (?P<status>\d+) .*?"'
    r"(?P<method>[A-Z]+) https?://[^/]+(?P<path>[^ ?]*)"
)
GUNICORN = r'"(?P<method>[A-Z]+) (?P<path>\S+) [^"]*" (?P<status>\d+) \S+ .* (?P<duration_us>\d+)$'
TOLD = r"(?P<method>GET) (?P<path>\S+) took (?P<duration_s>[\d.]+)"
FIVE_AGO = ago(minutes=5)
STAMP = f"{FIVE_AGO:%Y-%m-%d %H:%M:%S},123"
COMBINED = f"{FIVE_AGO:%d/%b/%Y:%H:%M:%S +0000}"
OF_GO = f'{FIVE_AGO:%Y/%m/%d %H:%M:%S} "GET /orders/55 HTTP/1.1" from 10.0.0.5:40 - 503 20B in '
LINES = {
    "tryton": (
        TRYTON,
        f"{STAMP} INFO trytond.protocols.dispatcher sale.sale.read(*(...), **{{}}) from anna@10.0.0.5/north/ in 36 ms",
        ("sale.sale.read", 0),
    ),
    "uwsgi": (
        UWSGI,
        f"[pid: 7|app: 0|req: 1/1] 10.0.0.5 () {{40 vars}} [{FIVE_AGO:%a %b %d %H:%M:%S %Y}] GET /sales/1234 => "
        "generated 90 bytes in 36 msecs (HTTP/1.1 200) 4 headers",
        ("GET /sales/{id}", 0),
    ),
    "go": (GO, f"{OF_GO}36.5ms", ("GET /orders/{id}", 1)),
    "go in microseconds": (GO, f"{OF_GO}36000µs", ("GET /orders/{id}", 1)),
    "balancer": (
        BALANCER,
        f"https {FIVE_AGO:%Y-%m-%dT%H:%M:%S}.000000Z app/front/1 10.0.0.5:1 10.0.0.9:80 0.000 0.036 0.000 200 200 "
        '34 366 "GET https://erp.example.com:443/sales?x=1 HTTP/1.1" "curl" - -',
        ("GET /sales", 0),
    ),
    "gunicorn": (
        GUNICORN,
        f'10.0.0.5 - anna [{COMBINED}] "POST /pay HTTP/1.1" 502 12 "-" "agent 1.0" 36000',
        ("POST /pay", 1),
    ),
    "json": (
        TOLD,
        f'{{"at": "{FIVE_AGO.isoformat()}", "level": "info", "message": "GET /till/7777 took 0.036"}}',
        ("GET /till/{id}", 0),
    ),
}


def logs_in(tmp_path, content, *, trial_users=(), **source):
    path = tmp_path / "server.log"
    path.write_text(content, encoding="utf-8")
    settings = {"name": "server", "path": path, "format": "text", **source}
    target = frozen_target(tmp_path, logs=(LogSource(**settings),), canary=CanarySection(users=trial_users))
    return Logs(target), target


# Only a log whose every line is a request may begin its lines with anything.
ONLY_ACCESS = {"balancer"}


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        (name, holds)
        for name in LINES
        for holds in ("application", "access")
        if holds == "access" or name not in ONLY_ACCESS
    ],
)
def test_requests_are_read_from_lines_of_many_forms(tmp_path, name, holds):
    pattern, line, told = LINES[name]
    form = "json" if line.startswith("{") else "text"
    logs, target = logs_in(tmp_path, line + "\n", holds=holds, pattern=pattern, format=form)
    (route,) = logs.requests(target.since_last_round).by_route()
    failed = logs.failed_requests(target.since_last_round).count
    assert (route.route, failed, route.median // timedelta(milliseconds=1)) == (*told, 36)


@pytest.mark.parametrize(
    "line",
    [
        f'10.0.0.5 - - [{FIVE_AGO:%d/%b/%Y %H:%M:%S}] "GET /sales/1234 HTTP/1.1" 200 -',
        f'[{FIVE_AGO:%d/%b/%Y %H:%M:%S}] "GET /sales/1234 HTTP/1.1" 200 512',
    ],
    ids=["werkzeug", "django"],
)
def test_the_time_of_development_servers_is_understood(tmp_path, line):
    pattern = r'"(?P<method>[A-Z]+) (?P<path>\S+) \S+" (?P<status>\d+)'
    logs, target = logs_in(tmp_path, line + "\n", holds="access", pattern=pattern)
    assert logs.requests(target.since_last_round).count == 1
    logs, target = logs_in(tmp_path, line.replace("15/Jan", "12/Jan") + "\n", holds="access", pattern=pattern)
    assert logs.requests(target.since_last_round).count == 0


def test_one_log_tells_of_requests_and_of_errors(tmp_path):
    content = (
        f"{STAMP} INFO trytond.protocols.dispatcher sale.sale.read(*(...)) from anna@10.0.0.5/north/ in 40 ms\n"
        f"{STAMP} ERROR trytond.protocols.dispatcher sale.sale.quote(*(...)) from anna@10.0.0.5/north/ in 2000 ms\n"
        "Traceback (most recent call last):\n"
        "KeyError: 'price_list'\n"
    )
    logs, target = logs_in(tmp_path, content, pattern=TRYTON)
    requests = logs.requests(target.since_last_round)
    assert {route.route for route in requests.by_route()} == {"sale.sale.read", "sale.sale.quote"}
    assert logs.errors(target.since_last_round).count == 1


def test_requests_longer_than_the_limit_timed_out(tmp_path):
    line = f"{STAMP} INFO trytond.protocols.dispatcher stock.move.assign(*()) from anna@10.0.0.5/north/ in 31000 ms\n"
    logs, target = logs_in(tmp_path, line, pattern=TRYTON)
    limits = {"limit": timedelta(seconds=30), "statement_limit": timedelta(seconds=30)}
    assert logs.timeouts(target.since_last_round, **limits).count == 1
    logs, target = logs_in(tmp_path, line.replace("31000", "29000"), pattern=TRYTON)
    assert logs.timeouts(target.since_last_round, **limits).count == 0


def test_requests_of_trial_users_are_no_figure(tmp_path):
    line = f"{STAMP} INFO trytond.protocols.dispatcher sale.sale.read(*()) from {{}}@10.0.0.5/north/ in 40 ms\n"
    logs, target = logs_in(
        tmp_path, line.format("anna") + line.format("check.north"), trial_users=("check.*",), pattern=TRYTON
    )
    assert logs.requests(target.since_last_round).count == 1


@pytest.mark.parametrize(
    ("pattern", "content", "reason"),
    [
        (TRYTON, f"{STAMP} INFO server started\n", "None of the 1 lines in the log server"),
        (r"(?P<route>GET \S+) in (?P<duration>\d+)", f"{STAMP} GET /a in 36\n", "No request in the log server states"),
    ],
    ids=["nothing-fits", "a-number-without-a-unit"],
)
def test_what_is_not_understood_is_said(tmp_path, pattern, content, reason):
    logs, target = logs_in(tmp_path, content, pattern=pattern)
    with pytest.raises(NotCovered, match=reason):
        logs.requests(target.since_last_round).require_durations()


def test_the_unit_of_a_bare_number_can_be_named(tmp_path):
    logs, target = logs_in(
        tmp_path,
        f"{STAMP} GET /a in 36\n",
        pattern=r"(?P<route>GET \S+) in (?P<duration>\d+)",
        fields={"duration_unit": "ms"},
    )
    assert logs.requests(target.since_last_round).overall.median == timedelta(milliseconds=36)


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        (r"(?P<route>\S+", "is not a regular expression"),
        (r"(?P<rout>\S+)", "did you mean 'route'"),
        (r"(?P<method>\S+) (?P<duration_ms>\d+)", "names no request"),
        (r"GET \S+", "names no request"),
    ],
)
def test_a_pattern_that_cannot_work_is_refused_when_the_file_is_read(tmp_path, pattern, says):
    with pytest.raises(ValidationError, match=re.escape(says)):
        LogSource(name="server", path=tmp_path, pattern=pattern)


@given(
    milliseconds=st.integers(min_value=0, max_value=10**9),
    unit=st.sampled_from([("s", 1000), ("ms", 1), ("us", 0.001)]),
    between=st.sampled_from(["", " "]),
)
def test_a_duration_is_the_same_in_whatever_unit_it_is_written(milliseconds, unit, between):
    name, factor = unit
    number = f"{milliseconds / factor:.6f}"
    pattern = check_request_pattern(r"(?P<route>\S+) (?P<duration>.+)$")
    own = check_request_pattern(rf"(?P<route>\S+) (?P<duration_{name}>.+)$")
    expected = timedelta(milliseconds=milliseconds)
    for told, unit_named in ((re.search(pattern, f"/a {number}{between}{name}"), None),
                             (re.search(pattern, f"/a {number}"), name),
                             (re.search(own, f"/a {number}"), None)):  # fmt: skip
        assert told is not None
        assert abs(duration_in(told, unit_named) - expected) <= timedelta(microseconds=1)
