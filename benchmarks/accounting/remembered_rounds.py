"""A history of many rounds, made of one that was held: all of it once more for each day before."""

from __future__ import annotations

import zlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, select

from hypercare.history import tables
from hypercare.history.instants import instant_of, stored
from hypercare.publishing.folder_index import write_index
from hypercare.reports.summary import Summary

# How long each is before the last of its day.
_ROUNDS = {"evening": timedelta(), "midday": timedelta(hours=5), "morning": timedelta(hours=8)}
_INSTANTS = {"as_of", "started", "finished", "ended"}


def remember(reports: Path, rounds: int) -> None:
    """Add so many rounds, three a day, before the newest one of the history in a folder of reports."""
    engine = create_engine(f"sqlite:///{reports / 'history.sqlite'}")
    with engine.begin() as connection:
        newest = connection.execute(select(tables.rounds).order_by(tables.rounds.c.as_of.desc())).mappings().first()
        assert newest is not None
        beside = {
            table: connection.execute(select(table).where(table.c.round_id == newest["id"])).mappings().all()
            for table in (tables.results, tables.figures, tables.summaries)
        }
        for number in range(rounds):
            # The evening of the day itself was held.
            days, nth = divmod(number + 1, len(_ROUNDS))
            name = [*_ROUNDS][nth]
            earlier = timedelta(days) + _ROUNDS[name]
            own = {"id": f"before-{number}", "round": name, "day": newest["day"] - timedelta(days)}
            connection.execute(tables.rounds.insert(), [{**_earlier(newest, earlier), **own}])
            for table, rows in beside.items():
                made = [{**_earlier(row, earlier), "round_id": own["id"]} for row in rows]
                for row in made:
                    row.pop("id", None)
                    if table is tables.summaries:
                        row["content"] = _summary(row["content"], earlier, name, reports)
                if made:
                    connection.execute(table.insert(), made)
    engine.dispose()
    write_index(reports)


def _earlier(row: Any, by: timedelta) -> dict[str, Any]:
    return {
        name: stored(instant_of(value) - by) if name in _INSTANTS and value else value for name, value in row.items()
    }


def _summary(content: bytes, by: timedelta, name: str, reports: Path) -> bytes:
    """That of an earlier round, which is left in the folder too, as its round's and as its day's."""
    held = Summary.model_validate_json(zlib.decompress(content))
    moved = {field: getattr(held, field) - by for field in ("as_of", "started", "finished")}
    summary = held.model_copy(update={**moved, "round": name, "day": held.day - by.days})
    day: date = summary.date
    for folder in (name, "day"):
        place = reports / day.isoformat() / folder
        place.mkdir(parents=True, exist_ok=True)
        summary.write(place / "summary.json")
        (place / "index.html").write_text("", encoding="utf-8")
    return zlib.compress(summary.to_json().encode("utf-8"))
