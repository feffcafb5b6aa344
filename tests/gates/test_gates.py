"""Gates of the shipped plan over scripted weeks: what is met, what is not, what cannot be told, and by when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from hypercare.escalation.annotations import Annotations
from hypercare.escalation.incidents import Incidents
from hypercare.gates.evidence import evidence_of
from hypercare.gates.judging import judged_gate
from hypercare.gates.rendering import gate_markdown, gate_page
from hypercare.gates.standing import JudgedGate, Standing
from hypercare.history.store import History
from hypercare.outcome.level import Level
from hypercare.outcome.signals import NotCovered
from hypercare.plan.checklist import shipped
from hypercare.plan.item import About
from hypercare.uptime.sample import Sample
from hypercare.uptime.state import State
from hypercare.uptime_history.samples import add_samples
from tests.escalation.incidents_of_a_shop import trouble
from tests.history.remembering import config_of, remember, result

GO_LIVE = date(2026, 1, 8)
DATA = [item.id for item in shipped() if item.about is About.DATA]
OTHERS = ["users.login", "activity.all-log-in", "health.logs", "issues.error-logs", "errors.review"]
ITEMS = [*DATA, *OTHERS]
CONFIG = config_of()
MINUTES = timedelta(minutes=1)


def evening(day: int) -> datetime:
    return datetime(2026, 1, 7, 16, tzinfo=UTC) + timedelta(days=day)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = History(tmp_path / "history.sqlite", "shop")
    yield opened
    opened.close()


@pytest.fixture
def lived(history: History) -> Callable[..., None]:
    """Seven evenings on which all held, but for what is said of a day: an outcome, or rows with more of it."""
    names = count()

    def live(days: range = range(1, 8), said: Mapping[int, Mapping[str, Any]] | None = None) -> None:
        for day in days:
            of_day = (said or {}).get(day, {})
            rows = [_row(item, of_day.get(item, "passed")) for item in ITEMS]
            remember(history, f"r{next(names)}", *rows, as_of=evening(day), name="evening")

    return live


def _row(item: str, said: str | Mapping[str, Any]) -> dict[str, Any]:
    return result(item, said) if isinstance(said, str) else result(item, **said)


def observe(history: History, *down: tuple[datetime, timedelta], until: int = 7) -> None:
    """A prober that looked each ten minutes from go-live on."""
    start = datetime(2026, 1, 7, 23, tzinfo=UTC)
    samples = []
    for number in range(6 * 24 * until):
        at = start + number * 10 * MINUTES
        is_down = any(begin <= at < begin + length for begin, length in down)
        state = State.DOWN if is_down else State.UP
        samples.append(Sample("web", "here", at, state, interval=10 * MINUTES))
    add_samples(history, samples)


def week_1(history: History, day: int = 7) -> JudgedGate:
    gate = shipped().gate("exit.week-1")
    return judged_gate(gate, shipped(), evidence_of(history, CONFIG, gate.days, evening(day)))


def stands(gate: JudgedGate) -> list[str]:
    return [one.standing.value for one in gate.criteria]


def test_a_week_in_which_all_held_is_passed(history: History, lived: Callable[..., None]) -> None:
    lived()
    observe(history)
    gate = week_1(history)
    assert (stands(gate), gate.standing) == (["met"] * 4, Standing.MET)
    gate.require_known()
    assert gate.not_met.count == 0


def test_without_any_round_nothing_is_known(history: History) -> None:
    history.begin_round("r", "morning", GO_LIVE, evening(1), evening(1))
    history.withdraw_round("r")
    gate = week_1(history)
    assert gate.standing is Standing.UNKNOWN
    with pytest.raises(NotCovered, match="4 of 4 criteria cannot be told"):
        gate.require_known()


UPTIME = [
    ([], "met", None),
    ([(evening(3), timedelta(hours=7))], "met", None),
    # Of the 161 hours until the evening of day 7, 5 % are eight; the day after they are less than that of a week.
    ([(evening(3), timedelta(hours=8, minutes=10))], "not met", "2026-01-14"),
    ([(evening(3), timedelta(hours=20))], "not met", "2026-01-18"),
]


@pytest.mark.parametrize(("down", "standing", "met_by"), UPTIME)
def test_uptime_is_of_the_hours_of_the_week(
    history: History, lived: Callable[..., None], down: list[Any], standing: str, met_by: str | None
) -> None:
    lived()
    observe(history, *down)
    criterion = week_1(history).criteria[0]
    assert criterion.standing.value == standing
    assert (criterion.met_by and criterion.met_by.isoformat()) == met_by


def test_uptime_that_nobody_observed_decides_nothing(history: History, lived: Callable[..., None]) -> None:
    lived()
    assert week_1(history).criteria[0].standing is Standing.UNKNOWN
    observe(history, until=3)
    criterion = week_1(history).criteria[0]
    assert criterion.standing is Standing.UNKNOWN
    assert "With what nobody observed it is between" in criterion.evidence


def test_a_failure_of_the_last_days_blocks_and_an_earlier_one_does_not(
    history: History, lived: Callable[..., None]
) -> None:
    lived(said={3: {"users.login": "failed", "verify.costs": "failed"}, 6: {"verify.costs": "failed"}})
    logs_in, data = week_1(history).criteria[1], week_1(history).criteria[3]
    assert logs_in.standing is Standing.MET
    assert data.standing is Standing.NOT_MET
    assert data.blocked_by == ("verify.costs: verify.costs is failed",)


def test_what_failed_and_held_on_the_same_day_holds(history: History, lived: Callable[..., None]) -> None:
    lived(range(1, 7))
    lived(range(7, 8), said={7: {"users.login": "failed"}})
    remember(history, "again", result("users.login"), as_of=evening(7) + MINUTES, name="night")
    assert week_1(history, 7).criteria[1].standing is not Standing.MET
    gate = shipped().gate("exit.week-1")
    later = evidence_of(history, CONFIG, gate.days, evening(7) + 2 * MINUTES)
    assert judged_gate(gate, shipped(), later).criteria[1].standing is Standing.MET


@pytest.mark.parametrize(
    ("outcome", "standing"),
    [
        ("flaky", Standing.MET),
        ("not covered", Standing.MET),
        ("blocked", Standing.UNKNOWN),
        ("monitor fault", Standing.UNKNOWN),
        ("awaiting", Standing.UNKNOWN),
    ],
)
def test_what_could_not_be_seen_is_not_taken_for_met(
    history: History, lived: Callable[..., None], outcome: str, standing: Standing
) -> None:
    lived(said={7: {"verify.costs": outcome}})
    assert week_1(history).criteria[3].standing is standing


def test_a_target_that_has_nothing_of_a_criterion_is_unknown(history: History, lived: Callable[..., None]) -> None:
    lived(said={day: dict.fromkeys(DATA, "not covered") for day in range(1, 8)})
    assert week_1(history).criteria[3].standing is Standing.UNKNOWN


@pytest.mark.parametrize(
    ("counts", "met_by"),
    [([40, 30, 20, 10], "2026-01-15"), ([10, 20, 30, 40], None), ([5, 5, 5, 5], None), ([9, 7, 4, 1], "2026-01-15")],
)
def test_what_falls_from_day_to_day_says_when_it_is_over(
    history: History, lived: Callable[..., None], counts: list[int], met_by: str | None
) -> None:
    said = {4 + number: {"verify.costs": {"outcome": "failed", "count": found}} for number, found in enumerate(counts)}
    lived(said=said)
    criterion = week_1(history).criteria[3]
    assert (criterion.met_by and criterion.met_by.isoformat()) == met_by


def test_a_critical_incident_blocks_for_a_week_after_its_end(history: History, lived: Callable[..., None]) -> None:
    lived(range(1, 10))
    incidents = Incidents(history, CONFIG)
    incidents.note_round([trouble("web", Level.L3)], (), evening(2))
    critical = week_1(history).criteria[2]
    assert critical.standing is Standing.NOT_MET
    assert "1 incident of L3 in 7 days, 1 still open." in critical.evidence
    incidents.resolve(1, "Mara", "a new cable", evening(2) + 30 * MINUTES)
    over = week_1(history).criteria[2]
    assert (over.standing, over.met_by) == (Standing.NOT_MET, date(2026, 1, 16))
    assert week_1(history, 9).criteria[2].standing is Standing.MET


def test_a_lesser_incident_is_no_critical_one(history: History, lived: Callable[..., None]) -> None:
    lived()
    Incidents(history, CONFIG).note_round([trouble("one", Level.L2)], (), evening(2))
    assert week_1(history).criteria[2].standing is Standing.MET


def test_people_are_comfortable_when_somebody_has_answered(history: History, lived: Callable[..., None]) -> None:
    lived(range(8, 15))
    gate = shipped().gate("exit.week-2")

    def comfortable() -> tuple[str, str]:
        judged = judged_gate(gate, shipped(), evidence_of(history, CONFIG, gate.days, evening(14)))
        return judged.criteria[1].standing.value, judged.criteria[1].evidence

    remember(history, "active", result("users.active"), result("activity.using"), as_of=evening(14) - MINUTES)
    assert comfortable()[0] == "unknown"
    Annotations(history).answer("focus.confidence", date(2026, 1, 20), "Kiel 4 of 5", "Mara", evening(13))
    assert comfortable()[0] == "met"
    assert "Mara on 20 Jan: Kiel 4 of 5" in comfortable()[1]


def test_a_gate_is_told_with_its_evidence_as_text_and_as_a_page(history: History, lived: Callable[..., None]) -> None:
    lived(said={7: {"users.login": {"outcome": "failed", "sentence": "<b>2 of 9</b> cannot log in."}}})
    observe(history)
    gate = week_1(history)
    text, page = gate_markdown(gate, "Shop"), gate_page(gate, "Shop")
    assert "❌ Everybody logs in" in text
    assert "As things go, nothing says by when it will be met." in text
    assert "critical\\_days" in text
    assert "<b>2 of 9" not in page
    assert page.count('class="incident card') == 4
