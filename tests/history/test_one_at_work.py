"""One call works for a target at a time, by a file here and by the server of the history among machines."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from hypercare.history.one_at_work import one_at_work
from hypercare.history.store import History
from hypercare.outcome.signals import MonitorFault


def test_a_second_one_is_kept_off_until_the_first_has_ended(tmp_path: Path, lite: History) -> None:
    lock = tmp_path / "state" / "day.lock"
    with one_at_work(lock, lite) as first, one_at_work(lock, lite) as second:
        assert (first, second) == (True, False)
    with one_at_work(lock, lite) as third:
        assert third


@pytest.mark.engine
def test_another_machine_is_kept_off_by_the_server_of_the_history(tmp_path: Path, postgresql: URL) -> None:
    here, there, other = (History(postgresql, target) for target in ("shop", "shop", "another"))
    places = [tmp_path / name / "day.lock" for name in ("here", "there", "other")]
    with (
        one_at_work(places[0], here) as first,
        one_at_work(places[1], there) as second,
        one_at_work(places[2], other) as of_another_target,
    ):
        assert (first, second, of_another_target) == (True, False, True)
    with one_at_work(places[1], there) as again:
        assert again
    for history in (here, there, other):
        history.close()


def test_where_the_server_cannot_be_asked_the_file_alone_holds(tmp_path: Path) -> None:
    away = History(URL.create("postgresql", host="127.0.0.1", port=1, database="none"), "shop")
    lock = tmp_path / "day.lock"
    with one_at_work(lock, away) as first, one_at_work(lock, away) as second:
        assert (first, second) == (True, False)


def test_a_place_that_cannot_be_locked_is_our_own_fault(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    with pytest.raises(MonitorFault, match="cannot be locked"), one_at_work(tmp_path / "state" / "day.lock"):
        pass
