"""While somebody works on the system the clocks of its incidents stand, and nobody is told that they are late."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from hypercare.escalation.probed import ProbeOutcome
from hypercare.history.store import History
from hypercare.maintenance.announcements import Announcement, announce, end_announcement
from hypercare.maintenance.windows import Pauses, missed_rounds, windows_at
from hypercare.outcome.level import Level
from hypercare.uptime.overrides import Maintenance
from hypercare.uptime.state import State
from tests.escalation.incidents_of_a_shop import NINE, after, config_with, history_in, incidents_in, kinds_of, trouble


def announced(folder: Path, start: datetime, until: datetime, **more: object) -> int:
    return announce(history_in(folder), Announcement("new server", "Anna", start, until, **more))  # type: ignore[arg-type]


def test_a_clock_stands_for_as_long_as_the_maintenance_lasts(tmp_path: Path) -> None:
    incidents = incidents_in(tmp_path)
    incidents.note_round([trouble(level=Level.L2)], [], after())
    (before,) = incidents.open(after(1))
    announced(tmp_path, after(10), after(130))
    (during,) = incidents.open(after(11))
    assert (during.respond_by - before.respond_by) == after(120) - NINE
    assert incidents.overdue(after(100)) == ()
    assert incidents.overdue(after(170)) == ()
    assert kinds_of(incidents.overdue(after(190))) == ["late"]


def test_nobody_is_told_that_it_is_late_while_the_work_goes_on(tmp_path: Path) -> None:
    incidents = incidents_in(tmp_path)
    incidents.note_round([trouble(level=Level.L2)], [], after())
    number = announced(tmp_path, after(70), after(200))
    assert incidents.overdue(after(90)) == ()
    end_announcement(history_in(tmp_path), number, "Anna", after(95))
    assert kinds_of(incidents.overdue(after(96))) == ["late"]


@pytest.mark.parametrize(
    ("more", "late"),
    [({"ways": ("web",)}, []), ({"ways": ("api",)}, ["late"]), ({"branches": ("North",)}, ["late"])],
)
def test_maintenance_of_a_part_holds_back_only_what_is_of_it(
    tmp_path: Path, more: dict[str, object], late: list[str]
) -> None:
    incidents = incidents_in(tmp_path)
    incidents.note_round([trouble(level=Level.L2, items=("health.web",))], [], after())
    announced(tmp_path, after(10), after(300), **more)
    assert kinds_of(incidents.overdue(after(100))) == late


def test_what_overlaps_holds_a_clock_back_once() -> None:
    windows = (Maintenance("a", after(10), after(60)), Maintenance("b", after(30), after(90)))
    assert Pauses(windows).later(after(20), after(0), (), ()) == after(100)
    assert Pauses(windows).later(after(5), after(0), (), ()) == after(5)


def test_a_prober_that_looks_meanwhile_opens_no_incident(tmp_path: Path) -> None:
    announced(tmp_path, after(), after(60))
    outcome = ProbeOutcome("web", State.MAINTENANCE, "https://shop", "It does not answer.")
    for minute in range(5):
        assert incidents_in(tmp_path).note_samples([outcome], after(minute)).open == ()


def test_what_was_ended_and_what_was_called_off_is_over(tmp_path: Path) -> None:
    history, config = history_in(tmp_path), config_with()
    going_on = announced(tmp_path, after(), after(60))
    planned = announced(tmp_path, after(100), after(160), planned=True)
    assert [one.by for one in windows_at(history, config, after(30))] == ["Anna"]
    end_announcement(history, going_on, "Ben", after(20))
    end_announcement(history, planned, "Ben", after(50))
    assert windows_at(history, config, after(30)) == []
    assert windows_at(history, config, after(130)) == []


def test_a_round_that_was_due_meanwhile_is_not_missed(tmp_path: Path) -> None:
    history, config = History(tmp_path / "history.sqlite", "shop"), config_with()
    history.begin_round("first", "evening", after(days=-1).date(), after(hours=-16), after(hours=-16))
    assert [one.round for one in missed_rounds(history, config, after(-1), after(hours=9))] == [
        "morning",
        "midday",
        "evening",
    ]
    announced(tmp_path, after(hours=2), after(hours=5))
    assert [one.round for one in missed_rounds(history, config, after(-1), after(hours=9))] == [
        "morning",
        "evening",
    ]
