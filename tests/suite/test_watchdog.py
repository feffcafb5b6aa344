"""A round that does not end by itself is ended, and what was seen of it until then is published before."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hypercare.suite import watchdog
from hypercare.suite.exit_status import OUR_FAULT
from hypercare.suite.watchdog import Watchdog

HOUR = timedelta(hours=1)


class Report:
    """All that a watchdog is given of a round."""

    def __init__(self, happened: list[object], trouble: Exception | None = None) -> None:
        self._happened = happened
        self._trouble = trouble

    def publish(self) -> None:
        self._happened.append("published")
        if self._trouble is not None:
            raise self._trouble


@pytest.fixture
def happened(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    told: list[object] = []
    monkeypatch.setattr(watchdog.os, "_exit", told.append)
    return told


def test_the_report_is_published_before_the_process_ends(
    happened: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    Watchdog(HOUR, HOUR, Report(happened))._end()
    assert happened == ["published", OUR_FAULT]
    assert capsys.readouterr().err == "hypercare: the round ran out of time and a check did not end; it is ended now\n"


def test_the_process_ends_also_where_nothing_can_be_published(happened: list[object]) -> None:
    with pytest.raises(OSError, match="full"):
        Watchdog(HOUR, HOUR, Report(happened, OSError("full")))._end()
    assert happened == ["published", OUR_FAULT]


def test_at_the_limit_pytest_is_asked_to_stop_after_the_check_in_flight(happened: list[object]) -> None:
    session: Any = SimpleNamespace(shouldstop=False)
    dog = Watchdog(HOUR, HOUR, Report(happened))
    dog._ask_to_stop()
    dog.pytest_sessionstart(session)
    assert dog.fired and session.shouldstop == "the round's time limit is over"
    assert happened == []
