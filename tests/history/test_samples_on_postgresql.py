"""Samples and corrections are kept, put together and measured on PostgreSQL as in a file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy.engine import URL

from hypercare.history.store import History
from hypercare.plan.calendar import Period
from hypercare.target_file.config import TargetConfig
from hypercare.uptime.overrides import Correction
from hypercare.uptime.sample import Sample
from hypercare.uptime.state import State
from hypercare.uptime_history.compacting import compact_samples
from hypercare.uptime_history.samples import add_correction, add_samples
from hypercare.uptime_history.uptime import accounts_of

CONFIG = TargetConfig.model_validate(
    {"target": {"name": "Shop", "id": "shop"}, "business": {"timezone": "Europe/Berlin", "go_live": "2026-01-08"}}
)
START = datetime(2026, 1, 8, tzinfo=UTC)
STEP, HOUR = timedelta(minutes=10), timedelta(hours=1)


def test_the_uptime_comes_out_the_same(postgresql: URL) -> None:
    history = History(postgresql, "shop")
    looks = [
        Sample("web", prober, START + STEP * number, State.DOWN if 60 <= number < 66 else State.UP, STEP)
        for number in range(144 * 6)
        for prober in ("north", "south")
    ]
    assert add_samples(history, looks) == len(looks)
    assert add_samples(history, looks) == 0
    said = Correction(START, START + HOUR, State.DOWN, "Ida", "nobody could log in", START + timedelta(days=1), "web")
    add_correction(history, said)
    window = Period(START, START + timedelta(days=6))
    before = accounts_of(history, CONFIG, window).measured()
    assert (before.down, before.up) == (2 * HOUR, timedelta(days=6) - 2 * HOUR)
    assert compact_samples(history, window.end) > 1000
    after = accounts_of(history, CONFIG, window).measured()
    assert [(span.start, span.end, span.state) for span in after.intervals] == [
        (span.start, span.end, span.state) for span in before.intervals
    ]
    late = accounts_of(history, CONFIG, Period(START + timedelta(days=20), START + timedelta(days=21))).measured()
    assert late.unknown == timedelta(days=1)
    history.close()
