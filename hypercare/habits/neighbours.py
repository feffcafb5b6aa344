"""Records beside their neighbours: the day and the person that two records of one event always tell alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
)

from hypercare.habits.judging import Habit, Tally, unless_gone
from hypercare.operations.activity import alike
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import counted_by, one_if
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Row, Shown
from hypercare.outcome.finding import SAMPLE_SIZE
from hypercare.plan.calendar import Period

# What lies before go-live or further ahead than what is planned is no number of days away.
_OUTSIDE = 9999
_DAYS_AHEAD = 8
_LATE_AS_A_WHOLE = 0.1


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


@dataclass(frozen=True)
class _Pair:
    """Both records, what joins them and chooses them, and by when they are reckoned."""

    records: Records
    other: Records
    source: FromClause
    among: Sequence[ColumnElement[bool]]
    new: ColumnElement[bool]

    @property
    def place(self) -> str:
        return ", ".join(dict.fromkeys((self.records.place, self.other.place)))


def days_beside(model: Model) -> Iterator[Habit]:
    """How many days lie between two times of one deed; most often it is always the same."""
    for rule in DAYS:
        if rule.is_mapped(model):
            yield from unless_gone(partial(_days, model, rule))


def people_beside(model: Model) -> Iterator[Habit]:
    """Whether two records of one deed name the same."""
    for rule in PEOPLE:
        if rule.is_mapped(model) and model.has(rule.entity, _MADE[rule.entity]):
            yield from unless_gone(partial(_people, model, rule))


def _days(model: Model, rule: NeighbourRule) -> Iterator[Habit]:
    pair = _pair(model, rule, "")
    own, other = pair.records.instant(rule.field), pair.other.instant(rule.other_field)
    days = _days_around(model)
    first, second = _day_of(own, days), _day_of(other, days)
    among = [*pair.among, own.is_known, other.is_known]
    past, new = _counted(model, pair, (first, second), among, f"days of {rule.name}")
    usual = max((one for one in past if one != _OUTSIDE), key=lambda one: past[one], default=0)
    far = [sum(many for one, many in some.items() if abs(one - usual) > rule.most_days) for some in (past, new)]
    tally = Tally(past.total(), far[0], new.total(), far[1])
    show = {rule.field: model.shown_time(own), rule.words: model.shown_time(other)}
    outside: ColumnElement[Any] = literal_column(str(_OUTSIDE))
    difference = case((or_(first.is_(None), second.is_(None)), outside), else_=first - second)
    wrong = func.abs(difference - literal_column(f"({usual})")) > literal_column(str(rule.most_days))
    # A log that comes late as a whole is late, and the records are right.
    most = _LATE_AS_A_WHOLE if rule.action else 1.0
    sample = _sample(model, pair, [*among, wrong], show)
    yield Habit(rule.name, tally, pair.place, sample, most_new=most)


def _people(model: Model, rule: NeighbourRule) -> Iterator[Habit]:
    pair = _pair(model, rule, _MADE[rule.entity])
    own, other = _comparable(pair, rule)
    among = [*pair.among, own.is_not(None), other.is_not(None)]
    past, new = _counted(model, pair, (one_if(own != other), literal_column("0")), among, rule.name)
    tally = Tally(past.total(), past[1], new.total(), new[1])
    show = {rule.field: Shown(own), rule.words: Shown(other)}
    sample = _sample(model, pair, [*among, own != other], show)
    yield Habit(rule.name, tally, pair.place, sample, of_old=rule.of_old)


def _counted(
    model: Model,
    pair: _Pair,
    two: tuple[ColumnElement[Any], ColumnElement[Any]],
    among: Sequence[ColumnElement[bool]],
    about: str,
) -> tuple[Counter[int], Counter[int]]:
    """How often two numbers lie how far apart: in old records, and in new ones."""
    one, other = two
    columns = one.label("one"), other.label("other"), one_if(pair.new).label("is_new")
    each: Select[Any] = select(*columns).select_from(pair.source).where(*among)
    past: Counter[int] = Counter()
    new: Counter[int] = Counter()
    for row in model.database.rows(counted_by(each), about=about):
        both_filled = row["one"] is not None and row["other"] is not None
        difference = int(row["one"]) - int(row["other"]) if both_filled else _OUTSIDE
        (new if row["is_new"] else past)[difference] += int(row["many"])
    return past, new


def _pair(model: Model, rule: NeighbourRule, made: str) -> _Pair:
    """By `made` they are reckoned, else by the time beside it, so that a wrong one is seen wherever it lies."""
    records = model.records(rule.entity)
    if rule.entity == rule.other and not rule.link:
        other, source, reckoned = records, records.source, rule.other_field
        at = records.instant(rule.field if reckoned == "day" else reckoned)
        return _Pair(records, records, source, _among(model, records, at, []), _is_new(model, at))
    other = model.records(rule.other, "beside")
    if rule.action:
        thing, key = alike(other["entity_id"], other, records)
        on = and_(thing == key, other.is_("action", rule.action))
    else:
        on = and_(records[rule.link] == other["id"], *_of_the_deed(records, other))
    by_other = not made and (rule.by_log or not rule.action)
    dated, field = (other, rule.other_field) if by_other else (records, made or rule.field)
    at = dated.instant(field)
    among = [*_among(model, dated, at, model.excluding_canary(other if dated is records else records))]
    return _Pair(records, other, records.source.join(other.source, on), among, _is_new(model, at))


def _of_the_deed(records: Records, other: Records) -> Iterator[ColumnElement[bool]]:
    """Money that goes back and what is reversed are of a day of their own."""
    if other.entity == "sale" and other.has("state"):
        yield other.is_("state", "final")
    if records.entity == "payment" and records.has("amount"):
        yield records["amount"] > 0
    if records.entity == "ledger_entry" and other.entity == "sale" and records.has("credit"):
        yield records["credit"] > 0


def _among(
    model: Model, dated: Records, at: Instant, more: Sequence[ColumnElement[bool]]
) -> Sequence[ColumnElement[bool]]:
    return [at.within(model.watched(at, dated)), *model.excluding_canary(dated), *more]


def _is_new(model: Model, at: Instant) -> ColumnElement[bool]:
    return at.since(model.since_yesterday_evening.start)


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
    ends = [(instant.before(day.end), number) for number, day in enumerate(days)]
    return case((instant.before(days[0].start), null()), *ends)


def _sample(
    model: Model, pair: _Pair, among: Sequence[ColumnElement[bool]], show: Mapping[str, Shown]
) -> Callable[[bool], Sequence[Row]]:
    def sample(only_new: bool) -> Sequence[Row]:
        named = {"record": model.shown_name(pair.records), **show}
        if pair.records.has("branch"):
            named["branch"] = model.shown_branch(pair.records["branch"])
        columns = [one.expression.label(f"shown_{number}") for number, one in enumerate(named.values())]
        statement = select(*columns).select_from(pair.source).where(*among, *([pair.new] if only_new else []))
        rows = model.database.rows(statement.limit(SAMPLE_SIZE), about=f"{pair.place}, sample")
        return [
            {
                "what": pair.records.entity,
                **{words: one.readable(row[f"shown_{number}"]) for number, (words, one) in enumerate(named.items())},
            }
            for row in rows
        ]

    return sample
