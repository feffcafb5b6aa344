"""Access logs of many servers and proxies: their requests, failures and durations are understood, or it is said so."""

import json
from datetime import timedelta

import pytest

from hypercare.logs import Logs
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.sections.logs import LogSource
from tests.standins.frozen_target import NOON, ago, frozen_target

LIMITS = {"limit": timedelta(seconds=30), "statement_limit": timedelta(seconds=30)}


def combined(behind, before=""):
    def line(at, status):
        head = f'{before}10.0.0.5 - anna [{at:%d/%b/%Y:%H:%M:%S} +0000] "GET /orders/1234 HTTP/1.1" {status} 512'
        return f"{head} {behind}".rstrip()

    return line


AGENT = '"https://erp.example.com/" "Mozilla/5.0 (X11; Linux)"'
LINES = {
    "combined": combined(f"{AGENT} 0.036"),
    "microseconds of apache": combined(f"{AGENT} 36000"),
    "an upstream behind it": combined(f"{AGENT} 0.036 0.035"),
    "no upstream": combined(f"{AGENT} 0.036 -"),
    "upstream and cache": combined(f"{AGENT} 0.036 - MISS"),
    "quoted": combined(f'{AGENT} "0.036" "-"'),
    "quoted, with the forwarded address": combined(f'{AGENT} "203.0.113.7" "0.036"'),
    "named": combined(f'{AGENT} rt=0.036 uct="0.000" uht="0.030" urt="0.035"'),
    "named in full": combined(f'{AGENT} request_time=0.036 upstream_response_time=0.035 host="erp"'),
    "named milliseconds": combined(f"{AGENT} duration_ms=36 trace=7d3f0c"),
    "a named length with its unit": combined(f'{AGENT} took="36ms"'),
    "ingress": combined(f"{AGENT} 456 0.036 [erp-web-80] [] 10.1.2.3:80 512 0.035 200 7d3f0c1a2b3c4d5e"),
    "ingress that tried twice": combined(
        f"{AGENT} 456 0.036 [erp-80] [] 10.1.2.3:80, 10.1.2.4:80 0, 512 0.001, 0.035 502, 200 7d"
    ),
    "traefik": combined(f'{AGENT} 17 "erp@docker" "http://10.1.2.3:80" 36ms'),
    "a host before it": combined(f"{AGENT} 0.036", before="erp.example.com:443 "),
    "haproxy": lambda at, status: (
        f"{at:%b %d %H:%M:%S} lb haproxy[12]: 10.0.0.5:51234 [{at:%d/%b/%Y:%H:%M:%S.123}] www~ erp/web1 "
        f'0/0/1/35/36 {status} 512 - - ---- 1/1/0/0/0 0/0 "GET /orders/1234 HTTP/1.1"'
    ),
    "envoy": lambda at, status: (
        f'[{at:%Y-%m-%dT%H:%M:%S.123Z}] "GET /orders/1234 HTTP/1.1" {status} - 0 512 36 35 "-" "Mozilla/5.0" '
        '"7d3f" "erp.example.com" "10.1.2.3:80"'
    ),
    "istio": lambda at, status: (
        f'[{at:%Y-%m-%dT%H:%M:%S.123Z}] "GET /orders/1234 HTTP/1.1" {status} - via_upstream - "-" 0 512 36 35 "-" '
        '"Mozilla/5.0" "7d3f" "erp.example.com" "10.1.2.3:80" inbound|80||'
    ),
    "a cloud's balancer": lambda at, status: (
        f"https {at:%Y-%m-%dT%H:%M:%S.123456Z} app/erp/1 10.0.0.5:51234 10.1.2.3:80 0.000 0.036 0.000 "
        f'{status} {status} 34 366 "GET https://erp.example.com:443/orders/1234 HTTP/1.1" "Mozilla" ECDHE arn:x'
    ),
    "iis": lambda at, status: (
        f"{at:%Y-%m-%d %H:%M:%S} 10.0.0.1 GET /orders/1234 - 443 anna 10.0.0.5 Mozilla/5.0 - {status} 0 0 36"
    ),
    "squid": lambda at, status: (
        f"{at.timestamp():.3f}     36 10.0.0.5 TCP_MISS/{status} 512 GET http://erp/orders/1234 - HIER_DIRECT/x html"
    ),
    "gin": lambda at, status: (
        f'[GIN] {at:%Y/%m/%d - %H:%M:%S} | {status} |      36ms |        10.0.0.5 | GET      "/orders/1234"'
    ),
    "werkzeug": lambda at, status: (
        f'10.0.0.5 - - [{at:%d/%b/%Y %H:%M:%S}] "GET /orders/1234 HTTP/1.1" {status} - 0.036'
    ),
    "morgan": lambda at, status: f"{at:%Y-%m-%dT%H:%M:%S.123Z} GET /orders/1234 {status} 36.000 ms - 512",
    "lograge": lambda at, status: (
        f"{at:%Y-%m-%dT%H:%M:%SZ} method=GET path=/orders/1234 format=html status={status} duration=36ms view=12ms"
    ),
    "a router's key=value": lambda at, status: (
        f'time={at:%Y-%m-%dT%H:%M:%SZ} at=info method=GET path="/orders/1234" status={status} service=36ms bytes=512'
    ),
}
FIELDS = {
    "caddy": lambda at, status: {
        "level": "info", "ts": at.timestamp(), "msg": "handled request", "duration": 0.036, "status": status,
        "request": {"method": "GET", "uri": "/orders/1234", "host": "erp"},
    },
    "traefik": lambda at, status: {
        "time": at.isoformat(), "RequestMethod": "GET", "RequestPath": "/orders/1234", "DownstreamStatus": status,
        "Duration": 36_000_000,
    },
    "nginx": lambda at, status: {
        "time_iso8601": at.isoformat(), "request": "GET /orders/1234 HTTP/1.1", "status": str(status),
        "request_time": "0.036",
    },
    "pino": lambda at, status: {
        "level": 30, "time": round(at.timestamp() * 1000), "req": {"method": "GET", "url": "/orders/1234"},
        "res": {"statusCode": status}, "responseTime": 36,
    },
    "elastic": lambda at, status: {
        "@timestamp": at.isoformat(), "http": {"request": {"method": "GET"}, "response": {"status_code": status}},
        "url": {"path": "/orders/1234"}, "event": {"duration": 36_000_000},
    },
    "a cloud's": lambda at, status: {
        "timestamp": at.isoformat(),
        "httpRequest": {"requestMethod": "GET", "requestUrl": "https://erp/orders/1234", "status": status},
        "latency": "0.036s",
    },
}  # fmt: skip
IIS_HEAD = (
    "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Fields: date time s-ip cs-method"
    " cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus"
    " sc-win32-status time-taken\n"
)


def logs_of(tmp_path, content, **settings):
    path = tmp_path / "access.log"
    path.write_text(content, encoding="utf-8")
    source = LogSource(**{"name": "access", "path": path, "holds": "access", "format": "access", **settings})
    target = frozen_target(tmp_path, logs=(source,))
    return Logs(target), target.since_last_round


def day_of(line):
    return "".join(f"{line(ago(minutes=90 - number), 500 if number % 10 == 3 else 200)}\n" for number in range(60))


@pytest.mark.parametrize("name", LINES)
def test_requests_of_lines_are_understood(tmp_path, name):
    head = IIS_HEAD if name == "iis" else ""
    logs, period = logs_of(tmp_path, head + day_of(LINES[name]))
    requests = logs.requests(period)
    (route,) = requests.by_route()
    assert (requests.count, route.route) == (60, "GET /orders/{id}")
    assert route.median // timedelta(milliseconds=1) == 36
    assert logs.failed_requests(period).count == 6


@pytest.mark.parametrize("name", FIELDS)
def test_requests_of_fields_are_understood(tmp_path, name):
    logs, period = logs_of(tmp_path, day_of(lambda at, status: json.dumps(FIELDS[name](at, status))), format="json")
    requests = logs.requests(period)
    assert (requests.count, logs.failed_requests(period).count) == (60, 6)
    assert requests.overall.median // timedelta(milliseconds=1) == 36


@pytest.mark.parametrize(
    "line",
    [combined("36 http-nio-8080-exec-10"), combined('"-" "agent" 36 https-jsse-nio-443-exec-7')],
    ids=["common", "combined"],
)
def test_a_number_before_a_thread_is_a_request_of_unknown_length(tmp_path, line):
    logs, period = logs_of(tmp_path, day_of(line))
    assert logs.failed_requests(period).count == 6
    with pytest.raises(NotCovered, match="states how long it took"):
        logs.requests(period).require_durations()
    logs, period = logs_of(tmp_path, day_of(line), fields={"duration_unit": "ms"})
    assert logs.requests(period).overall.median == timedelta(milliseconds=36)


def test_whole_numbers_of_no_unit_are_no_seconds(tmp_path):
    line = lambda at, status: json.dumps({"ts": at.isoformat(), "path": "/x", "status": status, "duration": 36_000})  # noqa: E731
    logs, period = logs_of(tmp_path, day_of(line), format="json")
    assert logs.timeouts(period, **LIMITS).count == 0
    with pytest.raises(NotCovered, match="states how long it took"):
        logs.requests(period).require_durations()


def strange(at, status):
    return f"{at:%Y-%m-%d %H:%M:%S} <<GET>> {{/orders/1234}} ended {status} in 36"


def half_strange(at, status):
    return combined("-")(at, status) if status == 500 else f"{at:%Y-%m-%d %H:%M:%S} GET /orders/1234 ended well"


@pytest.mark.parametrize("ask", ["requests", "failed_requests", "timeouts"])
def test_every_question_says_that_no_line_is_understood(tmp_path, ask):
    logs, period = logs_of(tmp_path, day_of(strange))
    with pytest.raises(
        NotCovered, match="None of the 60 lines in the log access since then is understood as a request"
    ):
        getattr(logs, ask)(period, **(LIMITS if ask == "timeouts" else {}))


def test_few_understood_requests_are_told_and_the_rest_is_not_covered(tmp_path):
    logs, period = logs_of(tmp_path, day_of(half_strange))
    assert logs.failed_requests(period).count == 6
    requests = logs.requests(period)
    assert requests.gaps and "Only 6 of 60 requests in the log access are understood" in requests.gaps[0].reason


def test_other_lines_among_requests_are_no_gap(tmp_path):
    others = "".join(f"{ago(minutes=60 - number):%Y-%m-%d %H:%M:%S} worker {number} started\n" for number in range(50))
    logs, period = logs_of(tmp_path, others + day_of(combined(f"{AGENT} 0.036")))
    assert logs.requests(period).gaps == []
    assert logs.timeouts(period, **LIMITS).count == 0


def test_a_quiet_night_of_a_log_that_is_understood_is_no_gap(tmp_path):
    line = combined(f"{AGENT} 0.036")
    old = "".join(f"{line(NOON - timedelta(hours=30, minutes=number), 200)}\n" for number in range(20, 0, -1))
    quiet = f"{ago(minutes=30):%Y-%m-%d %H:%M:%S} worker started\n"
    logs, period = logs_of(tmp_path, old + quiet)
    assert logs.failed_requests(period).count == 0
    assert logs.requests(period).count == 0
