"""What people asked for every day and do not today, and what the API offers and nobody asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hypercare.adoption.features import Features, operations_described
from hypercare.history.memory import Memory
from hypercare.logs import Logs
from hypercare.logs.record import Record
from hypercare.logs.request_use import Operation, RequestUse
from hypercare.logs.requests import Request
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.target import Target
from tests.operations.checking import make_target
from tests.operations.facts import AS_OF, GO_LIVE, TODAY
from tests.operations.round_memory import Remembering

ASKED = "operations that people were asked about"
SELL, VOID, LOOK = ("POST", "/sales/{id}"), ("POST", "/sales/{id}/void"), ("GET", "/sales")
USUAL = {SELL: 40, VOID: 12, LOOK: 60}


def used(counts: Mapping[tuple[str, str], int], status: int = 200, user: str = "u1") -> RequestUse:
    use = RequestUse()
    for (method, route), many in counts.items():
        for _ in range(many):
            use.add(Request(cast(Record, SimpleNamespace()), method, route, "web", status, None, user))
    return use


class DailyLogs:
    """Logs that tell of each day what the test says; `read` are the days that were, until their `ends`."""

    def __init__(self, by_day: Mapping[date, Mapping[tuple[str, str], int]]) -> None:
        self.by_day, self.read = by_day, list[date]()
        self.ends = list[datetime]()

    def use(self, period: Period, question: str) -> RequestUse:
        day = (period.start + timedelta(hours=4)).date()
        self.read.append(day)
        self.ends.append(period.end)
        return used(self.by_day.get(day, {}))


def features(
    tmp_path: Path, today: Mapping[tuple[str, str], int], earlier: Mapping[tuple[str, str], int] = USUAL,
    memory: Memory | None = None, go_live: date = GO_LIVE,
) -> tuple[Features, DailyLogs]:  # fmt: skip
    days = {TODAY - timedelta(days=number): earlier for number in range(1, 8)}
    logs = DailyLogs({**days, TODAY: today})
    target: Target = make_target(f"sqlite:///{tmp_path / 'none.sqlite'}", {}, AS_OF, go_live=go_live)
    return Features(target, cast(Logs, logs), memory or Memory()), logs


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (USUAL, []),
        ({SELL: 40, LOOK: 60}, ["POST /sales/{id}/void"]),
        ({SELL: 40, VOID: 1, LOOK: 60}, []),
        ({SELL: 90}, ["GET /sales", "POST /sales/{id}/void"]),
    ],
    ids=["as ever", "no voids", "one void", "nothing but sales"],
)
def test_what_was_done_every_day_and_is_not_today_is_told(tmp_path: Path, today: Any, told: list[str]) -> None:
    found = features(tmp_path, today)[0].no_longer_used()
    assert [row["what"] for row in found.sample] == told


def test_what_is_seldom_may_stay_away(tmp_path: Path) -> None:
    assert features(tmp_path, {SELL: 40, LOOK: 60}, {**USUAL, VOID: 9})[0].no_longer_used().count == 0


@pytest.mark.parametrize(
    ("today", "go_live", "says"),
    [({SELL: 20, LOOK: 10}, GO_LIVE, "too quiet a day"), (USUAL, TODAY - timedelta(days=2), "Not enough history")],
)
def test_a_quiet_day_and_the_first_days_tell_nothing(tmp_path: Path, today: Any, go_live: date, says: str) -> None:
    with pytest.raises(NotCovered, match=says):
        features(tmp_path, today, go_live=go_live)[0].no_longer_used()


def test_what_is_done_late_each_day_is_not_missed_before(tmp_path: Path) -> None:
    """Of earlier days, too, only what was asked for by this hour counts."""
    look, logs = features(tmp_path, USUAL)
    look.no_longer_used()
    clock = AS_OF.astimezone(look._target.calendar.zone).time()
    assert {end.astimezone(look._target.calendar.zone).time() for end in logs.ends} == {clock}


def test_a_day_that_a_round_remembers_is_not_read_again(tmp_path: Path) -> None:
    memory = Remembering()
    first, logs = features(tmp_path, USUAL, memory=memory)
    first.no_longer_used()
    assert len(logs.read) == 4
    again, logs = features(tmp_path, USUAL, memory=memory)
    again.no_longer_used()
    assert logs.read == [TODAY]


def described(*operations: tuple[str, str]) -> Mapping[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for method, path in operations:
        paths.setdefault(path, {})[method.lower()] = {}
    return {"openapi": "3.1.0", "paths": paths}


def test_what_the_api_offers_and_nobody_asked_for_is_told(tmp_path: Path) -> None:
    offered = operations_described(
        described(("POST", "/api/v1/sales/{sale}"), ("POST", "/api/v1/sales/{sale}/void"), ("PUT", "/api/v1/returns"),
                  ("POST", "/api/v1/login"), ("GET", "/api/v1/reports")),
        "/api/v1",
    )  # fmt: skip
    found = features(tmp_path, USUAL)[0].never_used(offered).found
    assert (found.count, found.of, list(found.sample)) == (1, 3, [{"what": "PUT /returns"}])


def test_people_are_asked_on_one_day_about_what_nobody_uses(tmp_path: Path) -> None:
    memory, yesterday = Remembering(), (TODAY - timedelta(days=1)).isoformat()
    memory.keep(ASKED, {"PUT /returns": yesterday, "PUT /vouchers": yesterday}, AS_OF)
    offered = [Operation("POST", "/sales/{sale}"), Operation("PUT", "/returns"), Operation("PUT", "/deposits")]
    for _ in range(2):
        unused = features(tmp_path, USUAL, memory=memory)[0].never_used(offered)
        assert unused.found.count == 2
        assert [row["what"] for row in unused.new.sample] == ["PUT /deposits"]
    assert memory.recall(ASKED) == {"PUT /returns": yesterday, "PUT /deposits": TODAY.isoformat()}


def test_a_log_of_another_system_says_nothing_of_what_is_offered(tmp_path: Path) -> None:
    with pytest.raises(NotCovered, match="None of the operations"):
        features(tmp_path, USUAL)[0].never_used([Operation("POST", "/invoices")])


@pytest.mark.parametrize("answer", [None, [], {"paths": {}}, {"data": {}}])
def test_what_is_no_description_is_not_covered(answer: object) -> None:
    with pytest.raises(NotCovered, match="no OpenAPI"):
        operations_described(answer, "/api")


def test_a_base_path_that_is_not_repeated_is_not_needed() -> None:
    assert operations_described(described(("GET", "/sales")), "/api/v1/") == [Operation("GET", "/sales")]


def refused(by_user: Mapping[str, int], asked: int) -> RequestUse:
    use = used({VOID: asked - sum(by_user.values())})
    for user, many in by_user.items():
        for _ in range(many):
            use.add(Request(cast(Record, SimpleNamespace()), *VOID, "web", 422, None, user))
    return use


@pytest.mark.parametrize(
    ("by_user", "asked", "needs"),
    [
        ({"a": 6, "b": 6}, 30, 1),
        ({"a": 12}, 30, 0),
        ({"a": 4, "b": 4}, 12, 0),
        ({"a": 6, "b": 6}, 60, 0),
    ],
    ids=["a third of the time", "one person alone", "a few times", "a fifth of the time"],
)
def test_a_training_is_needed_for_what_several_are_refused_a_quarter_of_the_time(
    by_user: Mapping[str, int], asked: int, needs: int
) -> None:
    assert len(refused(by_user, asked).needs()) == needs


def test_a_log_without_people_says_nothing_of_them() -> None:
    with pytest.raises(NotCovered, match="who asked"):
        used(USUAL, user="").refused_by_person()


def test_a_log_without_answers_says_nothing_of_refusals() -> None:
    use = used(USUAL, status=0)
    for question in (use.refused_by_person, use.needs):
        with pytest.raises(NotCovered, match="how it was answered"):
            question()


def test_of_endless_kinds_only_some_are_told_apart() -> None:
    use = used({("GET", f"/page-{number}x"): 1 for number in range(20_050)})
    assert len(use.asked) == 20_000
