"""Times within one record that run backwards: ended before it began, answered before it was asked."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import literal_column

from hypercare.operations_model.model import CLOCKS_DIFFER_BY, Model
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered

# What comes first and what later. Sales, orders and steps have checks of their own for what is not here.
_IN_ORDER = {
    "shift": (("starts_at", "ends_at"),),
    "sale": (("finalised_at", "voided_at"),),
    "step": (("finished_at", "updated_at"),),
    "session": (("created_at", "expires_at"), ("created_at", "ended_at")),
    "issue": (
        ("reported_at", "responded_at"),
        ("responded_at", "resolved_at"),
        ("reported_at", "resolved_at"),
        # Until when it is to be solved is often typed in by hand.
        ("reported_at", "respond_by"),
    ),
    "job": (("queued_at", "started_at"), ("started_at", "finished_at")),
}
# One program queues a job and another begins it, on another machine or in a transaction that began to wait before:
# many databases say the start of the transaction when they are asked for the time.
_BY_TWO_CLOCKS = {("job", "queued_at", "started_at")}


def where_times_run_backwards(model: Model) -> Found:
    """Records of any entity, made in the period that is watched, of which a later time lies before an earlier one.

    A pair of times that much of the history has so may mean something else here, and is in doubt.

    Raises NotCovered where no pair is mapped.
    """
    every = [(entity, *pair) for entity, pairs in _IN_ORDER.items() for pair in pairs]
    pairs = [one for one in every if model.has(*one)]
    if not pairs:
        raise NotCovered(
            "no two times of one record are mapped", remedy="Map started_at and finished_at in [mapping.job] columns."
        )
    return Found.together([_backwards(model, *one) for one in pairs])


def _backwards(model: Model, entity: str, first: str, second: str) -> Violations:
    records = model.records(entity)
    earlier, later = records.instant(first), records.instant(second)
    by = CLOCKS_DIFFER_BY if (entity, first, second) in _BY_TWO_CLOCKS else timedelta(seconds=1)
    name = {"record": model.shown_name(records)} if records.has("id") else {}
    query = ViolationQuery(
        source=records.source,
        among=[earlier.within(model.watched(earlier, records)), later.is_known, *model.excluding_canary(records)],
        wrong=later.surely_precedes(earlier, by),
        show={
            "what": Shown(literal_column(f"'{entity}'")),
            **name,
            first.removesuffix("_at"): model.shown_time(earlier),
            second.removesuffix("_at"): model.shown_time(later),
        },
        place=records.place,
        usual=f"records have {second} before {first}",
    )
    return Violations(model, query)


# What has happened by the time it is written down. Payments and postings may be dated ahead by right.
_PAST = {
    "user": ("created_at",),
    "customer": ("created_at",),
    "manual_record": ("handed_in_at",),
    "step": ("updated_at",),
    "activity": ("at",),
    "login_attempt": ("at",),
    "session": ("created_at",),
    "issue": ("reported_at", "responded_at", "resolved_at"),
    "job": ("queued_at", "started_at", "finished_at"),
}


def dated_ahead(model: Model) -> Found:
    """Records dated later than now, among those of the last days; what is usual here is in doubt.

    Raises NotCovered where no such time is mapped.
    """
    mapped = [(entity, field) for entity, fields in _PAST.items() for field in fields if model.has(entity, field)]
    if not mapped:
        raise NotCovered("no record's time is mapped", remedy="Map at in [mapping.activity] columns.")
    return Found.together([_ahead(model, entity, field) for entity, field in mapped])


def _ahead(model: Model, entity: str, field: str) -> Violations:
    records = model.records(entity)
    when = records.instant(field)
    name = {"record": model.shown_name(records)} if records.has("id") else {}
    query = ViolationQuery(
        source=records.source,
        among=[when.since(model.since_yesterday_evening.start), *model.excluding_canary(records)],
        wrong=when.since(model.latest_possible),
        show={"what": Shown(literal_column(f"'{entity}'")), **name, field: model.shown_time(when)},
        place=records.place,
        usual=f"records have {field} later than now",
    )
    return Violations(model, query)
