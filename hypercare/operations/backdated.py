"""Records that were entered since go-live under a date before it, which no figure and no period will ever show.

What was carried over from an earlier system is dated so too, by right. So a record is meant only where something else
than its date says that it is new: its key or number, where they are counted up, or the activity log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from hypercare.operations.sequences import made_since_go_live
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import count_if
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import ViolationQuery, Violations
from hypercare.outcome.signals import NotCovered

# Many at once are an import, which carries old dates over.
_AN_IMPORT = 20
# More of them that are not of today were carried over one by one.
_A_FEW = 3
_LEAST_NEW = 5
_GO_BY_TIME = 0.9
# Keys further ahead than this are of a range of their own, as an import may have been given.
_NOT_FAR_AHEAD = 1000


@dataclass(frozen=True)
class Backdated:
    """The question after such records of one entity: `made` is when they say that they were made.

    `action` is the activity log's word for entering one.
    """

    model: Model
    entity: str
    made: str
    action: str

    def found(self) -> Violations:
        """Records known to be entered since yesterday evening that are dated before go-live.

        So is a record of earlier, where it is one of very few whose key or number lies among those of since go-live.

        Raises NotCovered where nothing tells when a record was entered, or old ones are just being imported.
        """
        records = self.model.records(self.entity)
        made = records.instant(self.made)
        signs = (self._by_key(records, made), self._by_log(records), self._by_sequence(records, made))
        signs_of_entry = [one for one in signs if one is not None]
        if not signs_of_entry:
            raise NotCovered(
                f"Nothing but its own date tells when a {self.entity.replace('_', ' ')} was entered.",
                remedy=f"Map [mapping.activity] with {self.action}, which knows it too.",
            )
        early = made.before(self._go_live)
        show = {"record": self.model.shown_name(records), "dated": self.model.shown_time(made)}
        if records.has("branch"):
            show["branch"] = self.model.shown_branch(records["branch"])
        money = next((field for field in ("total", "amount") if records.has(field)), None)
        query = ViolationQuery(
            source=records.source,
            among=[early, or_(*signs_of_entry), *self.model.excluding_canary(records)],
            wrong=early,
            stake=func.abs(records.amount(money).minor) if money else None,
            show=show,
            place=records.place,
        )
        found = Violations(self.model, query)
        if found.count >= _AN_IMPORT:
            raise NotCovered(
                f"{found.count:,} records dated before go-live have just come in, as by an import.",
                remedy="Nothing to mend, if old records are being carried over.",
            )
        return found

    @property
    def _go_live(self) -> datetime:
        return self.model.calendar.at(self.model.calendar.go_live, time.min)

    def _by_key(self, records: Records, made: Instant) -> ColumnElement[bool] | None:
        """Keyed beyond everything that was there yesterday evening; None where keys do not go by time."""
        begin, key = self.model.since_yesterday_evening.start, records["id"]
        first, kind = self.model.hypercare.start, records.types.get("id")
        if begin <= first or (kind is not None and not kind.is_whole):
            return None
        earlier_records: Sequence[ColumnElement[bool]] = (made.since(first), made.before(begin))
        last = self.model.database.value(
            select(func.max(key)).where(*earlier_records), about=f"last key of {records.place}"
        )
        if not isinstance(last, int) or isinstance(last, bool):
            return None
        counts = func.count().label("many"), count_if(key > last).label("beyond"), func.max(key).label("newest")
        statement = select(*counts).where(made.since(begin))
        row = self.model.database.row(statement.select_from(records.source), about=f"keys of {records.place}")
        many, beyond = int(row["many"]), int(row["beyond"])
        if many < _LEAST_NEW or beyond < _GO_BY_TIME * many:
            return None
        return and_(key > last, key <= int(row["newest"]) + _NOT_FAR_AHEAD)

    def _by_sequence(self, records: Records, made: Instant) -> ColumnElement[bool] | None:
        """Keyed or numbered as what came since go-live; nobody where several are."""
        late = made_since_go_live(self.model, records, self.made)
        if late is None:
            return None
        wrong = and_(late, made.before(self._go_live), *self.model.excluding_canary(records))
        return late if self.model.count(records, wrong) <= _A_FEW else false()

    def _by_log(self, records: Records) -> ColumnElement[bool] | None:
        """Entered since yesterday evening by what the activity log says; None where it does not tell."""
        activity = self.model.mapping.entity("activity")
        if activity is None or not self.model.has("activity", "action", "entity_id", "at"):
            return None
        words = activity.values.get("action")
        if words is not None and self.action not in words:
            return None
        log = self.model.records("activity")
        new = log.instant("at").within(self.model.since_yesterday_evening)
        entered = select(log["entity_id"]).where(log.is_("action", self.action), new, log["entity_id"].is_not(None))
        return records["id"].in_(entered)
