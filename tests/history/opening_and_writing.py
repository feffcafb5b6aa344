"""What a process of its own does that opens a history and writes rounds into it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy.engine import URL

from hypercare.escalation.incidents import Incidents
from hypercare.escalation.troubles import Trouble
from hypercare.history.store import History
from hypercare.history.watermarks import put_watermark, watermark
from hypercare.outcome.level import Level
from tests.history.remembering import NINE, config_of, remember, result


def open_and_write(place: Path | URL, name: str, results: int, rounds: int = 1) -> None:
    history = History(place, "shop")
    incidents = Incidents(history, config_of())
    trouble = Trouble("outage:everywhere", Level.L3, "Nothing answers.", ("health.web",))
    for number in range(rounds):
        round_id = f"{name}-{number}"
        remember(history, round_id, status=None)
        for one in range(results):
            history.record(round_id, [result(f"item.n{one}", ended=str(one))])
            history.record_figures(round_id, {f"figure_{one}": one})
            _add_one(history)
        incidents.note_round([trouble], [], NINE + timedelta(minutes=1))
        history.finish_round(round_id, NINE, "issues")


def _add_one(history: History) -> None:
    with history.writing():
        known = watermark(history, "sum")
        put_watermark(history, "sum", str(int(known.value) + 1 if known else 1), NINE)
