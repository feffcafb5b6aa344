"""Records beside their neighbours: the day and the person that two records of one event always tell alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    String,
    and_,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
)

from hypercare.database.key_forms import as_key
from hypercare.habits.by_day import CountsByAge, CountsOfDays, by_day_and_age, counted_by_day, counts_of
from hypercare.habits.judging import Habit, Tally, unless_gone
from hypercare.operations.activity import alike
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import counted_by, one_if
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Row, Shown
from hypercare.outcome.evidence import rows_wanted
from hypercare.plan.calendar import Period
from hypercare.seals import Seals, Watch, Window
from hypercare.seals.window import merged, number_of_day

# What lies before go-live or further ahead than what is planned is no number of days away.
_OUTSIDE = 9999
_DAYS_AHEAD = 8
_LATE_AS_A_WHOLE = 0.1
_AROUND = timedelta(days=2)


@dataclass(frozen=True)
class NeighbourRule:
    """A field and the one beside it: of the same record; of the record that `link` names; or of the log's entry that
    tells of an `action`. `by_log` reckons by the entry's day instead of the record's. Up to `most_days` days
    from what is usual are fine; `of_old` records may be told, too.
    """

    entity: str
    field: str
    other: str
    other_field: str
    link: str = ""
    action: str = ""
    by_log: bool = False
    most_days: int = 0
    of_old: bool = True

    @property
    def name(self) -> str:
        word = f" of {self.action}" if self.action else ""
        day = " by day of log" if self.by_log else ""
        return f"{self.entity}.{self.field} beside {self.other}.{self.other_field}{word}{day}"

    @property
    def words(self) -> str:
        """The other one, for a person."""
        return f"{self.other_field} of {'the log' if self.action else self.other}"

    def is_mapped(self, model: Model) -> bool:
        if not (model.has(self.entity, "id", self.field) and model.has(self.other, self.other_field)):
            return False
        if self.link and not (model.has(self.entity, self.link) and model.has(self.other, "id")):
            return False
        if not self.action:
            return True
        log = model.mapping.entity("activity")
        words = None if log is None else log.values.get("action")
        return model.has("activity", "action", "entity_id", "at") and (words is None or self.action in words)


def _entry_in_log(entity: str, action: str, at: str) -> tuple[NeighbourRule, ...]:
    return tuple(NeighbourRule(entity, at, "activity", "at", action=action, by_log=by_log) for by_log in (False, True))


# People pay, answer and hand in days later by right, and work over midnight; only the log is of the very day.
DAYS = (
    NeighbourRule("payment", "paid_at", "sale", "finalised_at", link="sale", most_days=31),
    NeighbourRule("ledger_entry", "posted_at", "sale", "finalised_at", link="sale", most_days=31),
    NeighbourRule("ledger_entry", "posted_at", "payment", "paid_at", link="payment", most_days=7),
    NeighbourRule("production_order", "created_at", "sale", "finalised_at", link="sale", most_days=31),
    NeighbourRule("manual_record", "handed_in_at", "manual_record", "day", most_days=7),
    NeighbourRule("session", "expires_at", "session", "created_at", most_days=2),
    NeighbourRule("session", "ended_at", "session", "created_at", most_days=2),
    NeighbourRule("issue", "responded_at", "issue", "reported_at", most_days=31),
    NeighbourRule("issue", "respond_by", "issue", "reported_at", most_days=31),
    NeighbourRule("issue", "resolve_by", "issue", "reported_at", most_days=31),
    NeighbourRule("job", "due_at", "job", "queued_at", most_days=7),
    NeighbourRule("job", "started_at", "job", "queued_at", most_days=7),
    NeighbourRule("job", "finished_at", "job", "due_at", most_days=7),
    *_entry_in_log("sale", "sale.create", "created_at"),
    *_entry_in_log("sale", "sale.finalise", "finalised_at"),
    *_entry_in_log("sale", "sale.void", "voided_at"),
    *_entry_in_log("cost", "cost.enter", "entered_at"),
    *_entry_in_log("step", "step.start", "started_at"),
    *_entry_in_log("step", "step.finish", "finished_at"),
)
# Who is renamed keeps older log-ins under the name of then.
PEOPLE = (
    NeighbourRule("sale", "created_by", "activity", "user", action="sale.create"),
    NeighbourRule("sale", "finalised_by", "activity", "user", action="sale.finalise"),
    NeighbourRule("sale", "voided_by", "activity", "user", action="sale.void"),
    NeighbourRule("cost", "entered_by", "activity", "user", action="cost.enter"),
    NeighbourRule("step", "updated_by", "activity", "user", action="step.finish"),
    NeighbourRule("login_attempt", "username", "user", "username", link="user", of_old=False),
    NeighbourRule("ledger_entry", "sale", "payment", "sale", link="payment"),
    NeighbourRule("ledger_entry", "branch", "sale", "branch", link="sale"),
)
# By when a record was made, where people are compared.
_MADE = {
    "sale": "created_at",
    "cost": "entered_at",
    "step": "finished_at",
    "login_attempt": "at",
    "ledger_entry": "posted_at",
}
# And those that they are compared with, besides the log.
_DATED_BESIDE = {"sale": "created_at", "payment": "paid_at"}


@dataclass(frozen=True)
class _Pair:
    """Both records, what joins them and chooses them, and by when they are reckoned: at an instant of the `watch`.

    A change of the neighbour is one of the watch `beside`, where it is none of the own one.
    """

    records: Records
    other: Records
    source: FromClause
    among: Sequence[ColumnElement[bool]]
    at: Instant
    watch: Watch
    beside: Watch | None = None
    logged: Instant | None = None

    def around(self, ranges: Sequence[Period]) -> Sequence[ColumnElement[bool]]:
        """Of the log only what is of these days or about: what is far from its record is told by the log's own day."""
        if self.logged is None:
            return ()
        wider = merged([Period(one.start - _AROUND, one.end + _AROUND) for one in ranges])
        return (or_(*(self.logged.within(one) for one in wider)),)

    @property
    def place(self) -> str:
        return ", ".join(dict.fromkeys((self.records.place, self.other.place)))


def days_beside(model: Model, seals: Seals) -> Iterator[Habit]:
    """How many days lie between two times of one deed; most often it is always the same."""
    for rule in DAYS:
        if rule.is_mapped(model):
            yield from unless_gone(partial(_days, model, seals, rule))


def people_beside(model: Model, seals: Seals) -> Iterator[Habit]:
    """Whether two records of one deed name the same."""
    for rule in PEOPLE:
        if rule.is_mapped(model) and model.has(rule.entity, _MADE[rule.entity]):
            yield from unless_gone(partial(_people, model, seals, rule))


def _days(model: Model, seals: Seals, rule: NeighbourRule) -> Iterator[Habit]:
    pair = _pair(model, rule, "")
    own, other = pair.records.instant(rule.field), pair.other.instant(rule.other_field)
    days = _days_around(model)
    first, second = _day_of(own, days), _day_of(other, days)
    pair = replace(pair, among=[*pair.among, own.is_known, other.is_known])
    counted = _counted(model, seals, pair, (first, second), f"days of {rule.name}")
    past, new = ({int(key): many for key, many in one.items()} for one in (counted.past, counted.new))
    usual = max((one for one in past if one != _OUTSIDE), key=lambda one: past[one], default=0)
    far = [sum(many for one, many in some.items() if abs(one - usual) > rule.most_days) for some in (past, new)]
    tally = Tally(counted.past.total(), far[0], counted.new.total(), far[1])
    show = {rule.field: model.shown_time(own), rule.words: model.shown_time(other)}
    outside: ColumnElement[Any] = literal_column(str(_OUTSIDE))
    difference = case((or_(first.is_(None), second.is_(None)), outside), else_=first - second)
    wrong = func.abs(difference - literal_column(f"({usual})")) > literal_column(str(rule.most_days))
    # A log that comes late as a whole is late, and the records are right.
    most = _LATE_AS_A_WHOLE if rule.action else 1.0
    sample = _sample(model, pair, wrong, show)
    yield Habit(rule.name, tally, pair.place, sample, most_new=most, is_partial=counted.is_partial)


def _people(model: Model, seals: Seals, rule: NeighbourRule) -> Iterator[Habit]:
    pair = _pair(model, rule, _MADE[rule.entity])
    own, other = _comparable(pair, rule)
    pair = replace(pair, among=[*pair.among, own.is_not(None), other.is_not(None)])
    counted = _counted(model, seals, pair, (one_if(own != other), literal_column("0")), rule.name)
    past, new = counted.past, counted.new
    tally = Tally(past.total(), past["1"], new.total(), new["1"])
    show = {rule.field: Shown(own), rule.words: Shown(other)}
    sample = _sample(model, pair, own != other, show)
    yield Habit(rule.name, tally, pair.place, sample, of_old=rule.of_old, is_partial=counted.is_partial)


def _counted(
    model: Model, seals: Seals, pair: _Pair, two: tuple[ColumnElement[Any], ColumnElement[Any]], about: str
) -> CountsOfDays:
    """How often two numbers lie how far apart: in old records, and in new ones."""
    one, other = two

    def ask(window: Window) -> CountsByAge:
        each = by_day_and_age(model, window, pair.at, one.label("one"), other.label("other"))
        statement = counted_by(each.select_from(pair.source).where(*pair.among, *pair.around(window.ranges)))
        rows = model.database.rows(statement, about=about)
        return counts_of(rows, lambda row: {str(_difference(row)): int(row["many"])})

    return counted_by_day(seals, about, pair.watch, ask, pair.beside)


def _difference(row: Mapping[str, Any]) -> int:
    both_filled = row["one"] is not None and row["other"] is not None
    return int(row["one"]) - int(row["other"]) if both_filled else _OUTSIDE


def _pair(model: Model, rule: NeighbourRule, made: str) -> _Pair:
    """By `made` they are reckoned, else by the time beside it, so that a wrong one is seen wherever it lies."""
    records = model.records(rule.entity)
    if rule.entity == rule.other and not rule.link:
        field = rule.field if rule.other_field == "day" else rule.other_field
        among = model.excluding_canary(records)
        return _Pair(records, records, records.source, among, records.instant(field), Watch(rule.entity, field))
    other = model.records(rule.other, "beside")
    if rule.action:
        thing, key = alike(other["entity_id"], other, records)
        found_by_index = as_key(other["entity_id"], other.types.get("entity_id"), records.types.get("id"))
        by_index = [] if found_by_index is None else [found_by_index == records["id"]]
        on = and_(thing == key, *by_index, other.is_("action", rule.action))
    else:
        on = and_(records[rule.link] == other["id"], *_of_the_deed(records, other))
    by_other = not made and (rule.by_log or not rule.action)
    dated, field = (other, rule.other_field) if by_other else (records, made or rule.field)
    among = [*model.excluding_canary(dated), *model.excluding_canary(other if dated is records else records)]
    watch = Watch(dated.entity, field, parts=(rule.entity,) if by_other and rule.link else ())
    beside = None if watch.parts else _beside(model, rule, made, of_record=by_other)
    logged = other.instant("at") if rule.action and not by_other else None
    source = records.source.join(other.source, on)
    return _Pair(records, other, source, among, dated.instant(field), watch, beside, logged)


def _beside(model: Model, rule: NeighbourRule, made: str, *, of_record: bool) -> Watch | None:
    """By when the neighbour that the record, or its entry in the log, is compared with was made."""
    if of_record:
        return Watch(rule.entity, made or rule.field)
    field = "at" if rule.action else _DATED_BESIDE.get(rule.other, "")
    return Watch(rule.other, field) if field and model.has(rule.other, field) else None


def _of_the_deed(records: Records, other: Records) -> Iterator[ColumnElement[bool]]:
    """Money that goes back and what is reversed are of a day of their own."""
    if other.entity == "sale" and other.has("state"):
        yield other.is_("state", "final")
    if records.entity == "payment" and records.has("amount"):
        yield records["amount"] > 0
    if records.entity == "ledger_entry" and other.entity == "sale" and records.has("credit"):
        yield records["credit"] > 0


def _comparable(pair: _Pair, rule: NeighbourRule) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    own, other = pair.records[rule.field], pair.other[rule.other_field]
    mine, theirs = pair.records.types.get(rule.field), pair.other.types.get(rule.other_field)
    if mine is None or theirs is None or mine.compares_as == theirs.compares_as:
        return own, other
    return cast(own, String()), cast(other, String())


def _days_around(model: Model) -> list[Period]:
    calendar = model.calendar
    first, last = (calendar.date_of(one) for one in (model.hypercare.start, model.as_of))
    return [calendar.day(first + timedelta(days=number)) for number in range((last - first).days + 1 + _DAYS_AHEAD)]


def _day_of(instant: Instant, days: Sequence[Period]) -> ColumnElement[Any]:
    """The number of the day, which follow one another; null outside of all of them."""
    return case((instant.within(Period(days[0].start, days[-1].end)), number_of_day(instant, days)))


def _sample(
    model: Model, pair: _Pair, wrong: ColumnElement[bool], show: Mapping[str, Shown]
) -> Callable[[bool], Sequence[Row]]:
    def sample(only_new: bool) -> Sequence[Row]:
        named = {"record": model.shown_name(pair.records), **show}
        if pair.records.has("branch"):
            named["branch"] = model.shown_branch(pair.records["branch"])
        columns = [one.expression.label(f"shown_{number}") for number, one in enumerate(named.values())]
        period = model.since_yesterday_evening if only_new else model.hypercare
        among = [pair.at.within(period), *pair.among, *pair.around([period])]
        statement = select(*columns).select_from(pair.source).where(*among, wrong)
        rows = model.database.rows(statement.limit(rows_wanted()), about=f"{pair.place}, sample")
        return [
            {
                "what": pair.records.entity,
                **{words: one.readable(row[f"shown_{number}"]) for number, (words, one) in enumerate(named.items())},
            }
            for row in rows
        ]

    return sample
