"""How soon people who reported something had a first answer, in opening hours."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.open_hours import instant_after

_MOST_READ = 5_000


def answered_late(model: Model, period: Period, limit: timedelta, branches: Collection[str] | None = None) -> Found:
    """Issues reported in the period that had no answer after so much of the opening hours, answered by now or not.

    Of these branches, where they are named. Raises NotCovered where nothing was reported that could be judged yet.
    """
    issue = model.records("issue")
    judged, late = 0, list[dict[str, object]]()
    business = model.target.config.business
    for row, reported, answered in _reported(model, issue, period):
        branch = model.branch_word(row.get("branch"))
        if branches is not None and branch not in branches:
            continue
        due = instant_after(business, reported, limit)
        if answered is None and model.as_of < due:
            continue
        judged += 1
        if answered is None or answered > due:
            late.append(_row(model, row, branch, reported, answered))
    if not judged:
        raise NotCovered(
            "Nobody has reported anything that could be judged yet.", remedy="Nothing to mend: look again tomorrow."
        )
    return model.found(late, of=judged, place=issue.place)


def _reported(
    model: Model, issue: Records, period: Period
) -> Iterator[tuple[Mapping[str, Any], datetime, datetime | None]]:
    at, answer = issue.instant("reported_at"), issue.instant("responded_at")
    columns = {"issue": issue["id"], "reported": at.raw, "answered": answer.raw}
    columns |= {field: issue[field] for field in ("branch", "title") if issue.has(field)}
    statement = (
        select(*(column.label(name) for name, column in columns.items()))
        .where(at.within(period), *model.excluding_canary(issue))
        .order_by(at.raw)
        .limit(_MOST_READ)
    )
    for row in model.database.rows(statement, about="first answers"):
        reported = at.timestamp_format.decode(row["reported"])
        if reported is not None:
            yield row, reported, answer.timestamp_format.decode(row["answered"])


def _row(
    model: Model, row: Mapping[str, Any], branch: str, reported: datetime, answered: datetime | None
) -> dict[str, object]:
    zone = model.calendar.zone
    waited = (model.as_of if answered is None else answered) - reported
    return {
        "issue": row["issue"],
        **({"branch": branch} if "branch" in row else {}),
        **({"title": row["title"]} if "title" in row else {}),
        "reported": f"{reported.astimezone(zone):%Y-%m-%d %H:%M}",
        "minutes": round(waited.total_seconds() / 60),
        "answered": "no" if answered is None else "yes",
    }
