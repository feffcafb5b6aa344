"""By the resources that a check uses it is settled beside which others it may be looked at, and in which turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from hypercare.suite.tracks import PlannedCheck, Track, in_running_order, planned
from hypercare.target_file.seats import Sessions


@dataclass(eq=False)
class Check:
    """What is asked of a pytest item."""

    name: str
    fixturenames: tuple[str, ...]
    is_alone: bool = False
    brings_own: bool = False
    _fixtureinfo: Any = field(init=False)

    def __post_init__(self) -> None:
        module = "shop.conftest" if self.brings_own else "hypercare.fixtures"
        resource = type("Resource", (), {"func": type("function", (), {"__module__": module})})
        self._fixtureinfo = type("Info", (), {"name2fixturedefs": {name: [resource] for name in self.fixturenames}})

    def get_closest_marker(self, name: str) -> str | None:
        return name if self.is_alone else None


def order_and_plan(plan: list[Check], sessions: Sessions = Sessions.ANY) -> tuple[list[str], dict[str, PlannedCheck]]:
    tests: Any = plan
    ordered: Any = in_running_order(tests, sessions)
    checks = planned(ordered, tests, sessions)
    return [one.name for one in ordered], {one.name: check for one, check in zip(ordered, checks, strict=True)}


@pytest.mark.parametrize(
    ("resources", "track"),
    [
        (("sales", "seals", "database", "target"), Track.DATA),
        (("backups", "database"), Track.BACKUPS),
        (("api", "limits"), Track.API),
        (("api", "accounts"), Track.PEOPLE),
        (("web", "browser"), Track.PEOPLE),
        (("synthetic", "accounts", "api", "web", "browser", "database"), Track.PEOPLE),
        (("logs",), Track.LOGS),
        (("incidents",), Track.OTHER),
        ((), Track.OTHER),
    ],
)
def test_a_check_goes_with_those_that_use_the_same_way_in(resources: tuple[str, ...], track: Track) -> None:
    _, checks = order_and_plan([Check("it", resources)])
    assert checks["it"].track is track


def test_first_what_looks_by_itself_then_people_and_what_tells_of_them_last_what_is_alone() -> None:
    plan = [
        Check("web", ("web", "browser")),
        Check("speed", ("phone", "browser"), is_alone=True),
        Check("api", ("api",)),
        Check("logs", ("logs",)),
        Check("log-ins", ("accounts", "api")),
        Check("users", ("users", "database")),
        Check("data", ("integrity", "database")),
    ]
    order, checks = order_and_plan(plan)
    assert order == ["data", "api", "web", "logs", "log-ins", "users", "speed"]
    after = {name: {order[number] for number in check.after} for name, check in checks.items() if check.after}
    assert after == {"logs": {"web", "api"}, "users": {"web", "api", "log-ins"}}
    assert [name for name, check in checks.items() if check.is_alone] == ["speed"]


def test_checks_of_one_kind_keep_the_order_of_the_plan() -> None:
    names = [f"check {number}" for number in range(20)]
    assert order_and_plan([Check(name, ("database",)) for name in names])[0] == names


@pytest.mark.parametrize(
    ("sessions", "track"),
    [(Sessions.ANY, Track.API), (Sessions.ONE_A_PERSON, Track.PEOPLE), (Sessions.ONE, Track.PEOPLE)],
)
def test_where_sessions_are_few_whoever_asks_the_api_is_in_line_with_people(sessions: Sessions, track: Track) -> None:
    _, checks = order_and_plan([Check("api", ("api",))], sessions)
    assert checks["api"].track is track


@pytest.mark.parametrize(("with_browser", "track"), [(False, Track.OTHER), (True, Track.PEOPLE)])
def test_all_that_use_resources_of_a_projects_own_are_in_one_line(with_browser: bool, track: Track) -> None:
    own = [Check("a", ("erp", "database"), brings_own=True), Check("b", ("erp", "api"), brings_own=True)]
    more = [Check("c", ("erp", "browser"), brings_own=True)] if with_browser else []
    _, checks = order_and_plan([*own, *more, Check("d", ("database",))])
    assert {checks[name].track for name in "ab"} == {track}
    assert checks["d"].track is Track.DATA
