"""Samples of other probers, read as their own tools write them, and the uptime that follows from them."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from hypercare.cli import hypercare
from hypercare.probing.imports.assigning import Assignment, samples_of
from hypercare.probing.imports.csv_file import read_csv
from hypercare.probing.imports.prometheus import read_prometheus
from hypercare.probing.imports.sample import ImportedSample, UnreadableFile
from hypercare.probing.imports.uptime_kuma import read_uptime_kuma
from hypercare.target_file.config import TargetConfig
from hypercare.uptime.state import State
from tests.probing.probed_business import NOON, Business
from tests.standins.http_standin import Standin

BERLIN = ZoneInfo("Europe/Berlin")
CONFIG = TargetConfig.model_validate(
    {
        "target": {"name": "Shop"},
        "business": {"timezone": "Europe/Berlin", "go_live": "2026-01-08"},
        "web": {"url": "https://erp.example.com/"},
        "api": {"url": "https://erp.example.com/api"},
        "database": {"url": "postgresql://watch@db.example.com:5433/erp"},
    }
)
T0 = 1768474800  # 2026-01-15 11:00:00 UTC


def prometheus(*series: tuple[dict[str, str], list[tuple[float, str]]], kind: str = "matrix") -> dict[str, Any]:
    if kind == "vector":
        result = [{"metric": labels, "value": list(values[0])} for labels, values in series]
    else:
        result = [{"metric": labels, "values": [list(pair) for pair in values]} for labels, values in series]
    return {"status": "success", "data": {"resultType": kind, "result": result}}


def written(folder: Path, content: Any, name: str = "looks.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_prometheus_series_are_assigned_by_the_address_that_they_probe(tmp_path: Path) -> None:
    web = {"__name__": "probe_success", "instance": "https://erp.example.com/login", "job": "blackbox"}
    api = {**web, "instance": "https://erp.example.com/api/health"}
    told = prometheus(
        (web, [(T0, "1"), (T0 + 15, "0"), (T0 + 30, "0.5")]), (api, [(T0 + 0.781, "1"), (T0 + 15, "NaN")])
    )
    samples = samples_of(read_prometheus(written(tmp_path, told)), Assignment("prom"), CONFIG)
    assert [(one.way, one.state, one.confirmed, one.at.timestamp()) for one in samples] == [
        ("web", State.UP, True, T0),
        ("web", State.DOWN, False, T0 + 15),
        ("web", State.FLAKY, True, T0 + 30),
        ("api", State.UP, True, T0 + 0.781),
    ]
    assert {one.interval for one in samples if one.way == "web"} == {timedelta(seconds=15)}
    assert samples[0].prober.startswith("prom: probe_success{instance=")


def test_an_instant_query_of_prometheus_is_one_look_a_series(tmp_path: Path) -> None:
    told = prometheus(({"__name__": "up", "way": "api", "branch": "HAR"}, [(T0, "0")]), kind="vector")
    (sample,) = samples_of(read_prometheus(written(tmp_path, told)), Assignment("prom"), CONFIG)
    assert (sample.way, sample.branch, sample.prober, sample.state) == ("api", "HAR", "prom", State.DOWN)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is not JSON"),
        ([], "is no answer of Prometheus"),
        ({"status": "error", "errorType": "bad_data", "error": "parse error"}, "parse error"),
        ({"status": "success", "data": {"resultType": "scalar", "result": [T0, "1"]}}, "holds a scalar"),
        ({"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}}]}}, "not [[time, value]"),
        (prometheus(({}, [(T0, "high")])), "not [[time, value]"),
    ],
)
def test_what_is_no_answer_of_prometheus_is_said_in_one_line(tmp_path: Path, content: Any, says: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        list(read_prometheus(written(tmp_path, content)))
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def kuma_database(folder: Path, beats: list[tuple[int, int, str, str, int | None]]) -> Path:
    """As its own set-up makes it, without the columns that do not matter here."""
    path = folder / "kuma.db"
    connection = sqlite3.connect(path)
    connection.execute(
        "CREATE TABLE monitor (id INTEGER PRIMARY KEY, name VARCHAR(150), interval INTEGER, url TEXT, "
        "hostname VARCHAR(255))"
    )
    connection.execute(
        "CREATE TABLE heartbeat (id INTEGER PRIMARY KEY, important BOOLEAN, monitor_id INTEGER, status SMALLINT, "
        "msg TEXT, time DATETIME, ping INTEGER, duration INTEGER, down_count INTEGER)"
    )
    connection.execute("INSERT INTO monitor VALUES (1, 'ERP', 60, 'https://erp.example.com/login', NULL)")
    connection.execute("INSERT INTO monitor VALUES (2, 'DB', 60, 'https://', 'db.example.com:5433')")
    connection.executemany(
        "INSERT INTO heartbeat (monitor_id, status, msg, time, ping) VALUES (?, ?, ?, ?, ?)",
        [(monitor, status, msg, at, ping) for monitor, status, at, msg, ping in beats],
    )
    connection.commit()
    connection.close()
    return path


def test_heartbeats_of_uptime_kumas_database(tmp_path: Path) -> None:
    path = kuma_database(
        tmp_path,
        [
            (1, 1, "2026-01-15 11:00:00.123", "200 - OK", 42),
            (1, 2, "2026-01-15 11:01:00.123", "timeout", None),
            (1, 0, "2026-01-15 11:02:00.123", "timeout", None),
            (1, 3, "2026-01-15 11:03:00.123", "Monitor under maintenance", None),
            (2, 1, "2026-01-15 11:00:30.000", "", 3),
        ],
    )
    samples = samples_of(read_uptime_kuma(path), Assignment("kuma"), CONFIG)
    assert [(one.way, one.state, one.confirmed, one.says, one.latency_ms) for one in samples] == [
        ("web", State.UP, True, "200 - OK", 42.0),
        ("web", State.DOWN, False, "timeout", None),
        ("web", State.DOWN, False, "timeout", None),
        ("web", State.MAINTENANCE, True, "Monitor under maintenance", None),
        ("database", State.UP, True, "", 3.0),
    ]
    assert samples[0].at == datetime(2026, 1, 15, 11, 0, 0, 123000, tzinfo=UTC)


def test_heartbeats_of_a_status_page_of_uptime_kuma(tmp_path: Path) -> None:
    beats = [{"status": 1, "time": f"2026-01-15 11:0{minute}:00.000", "msg": "", "ping": 20} for minute in range(3)]
    content = {"heartbeatList": {"7": beats}, "uptimeList": {"7_24": 1}}
    with pytest.raises(UnreadableFile, match="of which way monitor 7 is; say it with --way"):
        samples_of(read_uptime_kuma(written(tmp_path, content)), Assignment("kuma"), CONFIG)
    samples = samples_of(read_uptime_kuma(written(tmp_path, content)), Assignment("kuma", way="web"), CONFIG)
    assert [one.at.minute for one in samples] == [0, 1, 2]
    named = {
        **content,
        "publicGroupList": [{"monitorList": [{"id": 7, "name": "ERP", "url": "https://erp.example.com"}]}],
    }
    assert {one.way for one in samples_of(read_uptime_kuma(written(tmp_path, named)), Assignment("kuma"), CONFIG)} == {
        "web"
    }


SUMS = [
    {"status": 1, "time": f"2026-01-15T{number // 4:02}:{number % 4 * 15:02}:00.000Z", "msg": "", "ping": None}
    for number in range(100)
    if number < 96
] + [{"status": None, "time": f"2026-01-16T0{number}:00:00.000Z", "msg": "", "ping": None} for number in range(4)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("nothing", "neither a database nor JSON"),
        ({"version": "1.23.3", "monitorList": [{"id": 1}]}, "holds monitors but no heartbeats"),
        ({"heartbeatList": {"1": []}}, "holds no heartbeat"),
        ({"heartbeatList": {"1": SUMS}}, "sums of heartbeats over days"),
        ([{"status": 9, "time": "2026-01-15 11:00:00"}], "without status and time"),
    ],
)
def test_what_holds_no_heartbeats_is_said_in_one_line(tmp_path: Path, content: Any, says: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        list(read_uptime_kuma(written(tmp_path, content)))
    assert says in str(refused.value)


def test_a_database_of_something_else_is_no_database_of_uptime_kuma(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "other.db")
    connection.execute("CREATE TABLE sale (id)")
    connection.close()
    with pytest.raises(UnreadableFile, match="no such table"):
        list(read_uptime_kuma(tmp_path / "other.db"))


def rows(folder: Path, text: str) -> list[ImportedSample]:
    return list(read_csv(written(folder, text, "looks.csv"), BERLIN))


def test_a_table_with_all_columns(tmp_path: Path) -> None:
    (look,) = rows(
        tmp_path,
        "\ufeffTime;State;Way;Branch;Latency_ms;Message;Interval\n"
        "2026-01-15 12:00:30;down;api;HAR;12.5;no answer; 5m\n",
    )
    assert look == ImportedSample(
        series="",
        at=datetime(2026, 1, 15, 11, 0, 30, tzinfo=UTC),
        state=State.DOWN,
        confirmed=False,
        says="no answer",
        latency_ms=12.5,
        interval=timedelta(minutes=5),
        way="api",
        branch="HAR",
    )


@pytest.mark.parametrize(
    ("value", "state"),
    [
        ("up", State.UP),
        ("1", State.UP),
        ("200", State.UP),
        ("OK", State.UP),
        ("0", State.DOWN),
        ("503", State.DOWN),
        ("slow", State.DEGRADED),
        ("Maintenance", State.MAINTENANCE),
        ("paused", State.UNKNOWN),
        ("False", State.DOWN),
    ],
)
def test_states_as_tools_write_them(tmp_path: Path, value: str, state: State) -> None:
    assert [look.state for look in rows(tmp_path, f"timestamp,status\n{T0},{value}\n")] == [state]


@pytest.mark.parametrize(
    "time",
    [str(T0), f"{T0}000", f"{T0}.0", "2026-01-15T11:00:00Z", "2026-01-15T12:00:00+01:00", "2026-01-15 12:00"],
)
def test_times_as_tools_write_them(tmp_path: Path, time: str) -> None:
    assert [look.at for look in rows(tmp_path, f"time,up\n{time},1\n")] == [datetime(2026, 1, 15, 11, tzinfo=UTC)]


def test_the_hour_that_comes_twice_is_read_in_the_order_of_the_lines(tmp_path: Path) -> None:
    lines = ["01:59", "02:30", "02:59", "02:00", "02:30", "03:00"]
    found = rows(tmp_path, "time,up\n" + "".join(f"2026-10-25 {clock},1\n" for clock in lines))
    assert [look.at.strftime("%H:%M") for look in found] == ["23:59", "00:30", "00:59", "01:00", "01:30", "02:00"]


def test_a_line_may_stand_for_a_stretch_of_time(tmp_path: Path) -> None:
    looks = rows(tmp_path, "start,end,state\n2026-01-15 12:00,2026-01-15 12:30,down\n")
    (sample,) = samples_of(looks, Assignment("log", way="web"), CONFIG)
    assert (sample.newest - sample.at, sample.interval, sample.confirmed) == (timedelta(minutes=30), timedelta(0), True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("when,state\n", "has no column 'time'"),
        ("time,colour\n", "has no column 'state'"),
        ("time,state\n2026-01-15,up\nnoon,up\n", "line 3: 'noon' is no time"),
        ("time,state\n2026-01-15 12:00,purple\n", "line 2: 'purple' is no state"),
        ("time,state,latency\n2026-01-15 12:00,up,long\n", "line 2: 'long' is no number"),
        ("start,end,state\n2026-01-15 12:00,2026-01-15 11:00,up\n", "line 2: it ends"),
    ],
)
def test_a_table_that_cannot_be_read_names_the_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        rows(tmp_path, text)
    assert says in str(refused.value)


def at(seconds: float) -> ImportedSample:
    return ImportedSample("x", datetime.fromtimestamp(T0 + seconds, UTC), State.UP, way="web")


@pytest.mark.parametrize(
    ("instants", "intervals"),
    [
        pytest.param([0], [60], id="a single look"),
        pytest.param([0, 30, 60, 90], [30] * 4, id="regular"),
        pytest.param([0, 60, 120, 180, 3780, 3840, 3900, 3960], [60] * 8, id="an hour of silence is no interval"),
        pytest.param([0, 60, 120, 180, 3780], [60] * 5, id="nor is it at the end"),
        pytest.param([0, 3600, 3660, 3720, 3780], [60] * 5, id="nor at the beginning"),
        pytest.param([0, 60, 120, 180, 480, 780, 1080], [60, 60, 60, 300, 300, 300, 300], id="it changes"),
        pytest.param([0, 0, 60, 60, 120], [60] * 5, id="several looks at an instant"),
    ],
)
def test_how_often_it_was_looked_is_seen_from_the_looks(instants: list[float], intervals: list[float]) -> None:
    samples = samples_of([at(seconds) for seconds in instants], Assignment("x"), CONFIG)
    assert [sample.interval.total_seconds() for sample in samples] == intervals


def test_only_some_series_are_taken_and_what_is_said_goes_before_what_is_seen() -> None:
    looks = [ImportedSample("ERP login", at(0).at, State.UP, way="api"), ImportedSample("Blog", at(0).at, State.DOWN)]
    (sample,) = samples_of(looks, Assignment("x", way="web", branch="HAR", only="erp", interval=timedelta(5)), CONFIG)
    assert (sample.way, sample.branch, sample.state, sample.interval) == ("web", "HAR", State.UP, timedelta(5))
    with pytest.raises(UnreadableFile, match="there is no way 'wbe'"):
        samples_of(looks, Assignment("x", way="wbe"), CONFIG)
    with pytest.raises(UnreadableFile, match="no series in it has 'shop' in its name"):
        samples_of(looks, Assignment("x", only="shop"), CONFIG)


def imported(business: Business, file: Path, form: str, *words: str) -> Result:
    words = ("--import", str(file), "--format", form, *words)
    return CliRunner().invoke(hypercare, ["probe", *business.arguments, *words], standalone_mode=False)


def test_an_imported_outage_that_retries_painted_green_is_in_the_uptime(tmp_path: Path, standin: Standin) -> None:
    business = Business(tmp_path, standin)
    statuses = [1] * 30 + [2] * 5 + [1] * 25
    start = NOON - timedelta(hours=1)
    beats = [
        (1, status, f"{start + timedelta(minutes=n):%Y-%m-%d %H:%M:%S}.000", "", 9) for n, status in enumerate(statuses)
    ]
    file = kuma_database(tmp_path, beats)
    assert "60 samples taken" in imported(business, file, "uptime-kuma", "--way", "web").output
    again = imported(business, file, "uptime-kuma", "--way", "web")
    assert "0 samples taken" in again.output
    assert "60 were known already" in again.output
    told = CliRunner().invoke(hypercare, ["uptime", *business.arguments, "--json"], standalone_mode=False)
    found = json.loads(told.output)
    assert (found["seconds"]["down"], found["percent"]) == (300, 91.667)


def test_an_import_without_its_format_or_of_something_else_is_refused(tmp_path: Path, standin: Standin) -> None:
    business = Business(tmp_path, standin)
    file = written(tmp_path, "hello")
    without = CliRunner().invoke(
        hypercare, ["probe", *business.arguments, "--import", str(file)], standalone_mode=False
    )
    assert "also needs --format" in str(without.exception)
    assert "is not JSON" in str(imported(business, file, "prometheus").exception)
    assert "no time zone 'Mars'" in str(imported(business, file, "csv", "--zone", "Mars").exception)
