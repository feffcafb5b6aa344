"""Products and people that were switched off, and what is sold, or done, with them all the same.

No table says since when something is off; a round remembers when it first saw it so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, func, not_, select

from hypercare.database.database import Database
from hypercare.history.memory import Memory
from hypercare.operations.changed_rights import changed_roles
from hypercare.operations_model.hands import HANDS
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.model import CLOCKS_DIFFER_BY
from hypercare.operations_model.records import Records
from hypercare.operations_model.resource import Resource
from hypercare.operations_model.schema_drift import left_out_if_gone
from hypercare.outcome.doubt import doubt_among
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.target import Target

# So many are remembered, and so many deeds are looked at.
_MOST_OFF = 5_000
_MOST_DEEDS = 5_000
_FIRST_LOOK = "first look"
_OFF = "off since"
_WORDS = ("login", "sale.create", "sale.finalise", "sale.void", "cost.enter", "step.update")


@dataclass(frozen=True)
class _Deed:
    """Records that show by `who` the key of something that may be off, at a time."""

    records: Records
    source: FromClause
    who: ColumnElement[Any]
    at: Instant
    only: Sequence[ColumnElement[bool]]
    name: ColumnElement[Any]


class SwitchedOff(Resource):
    """What is off, by what earlier rounds saw."""

    def __init__(self, target: Target, database: Database, memory: Memory) -> None:
        super().__init__(target, database)
        self._memory = memory

    def sold(self) -> Found:
        """Lines of final sales entered lately, of a product that an earlier round saw switched off.

        In doubt where much is sold of such products: they may only be out of the catalogue.
        """
        deeds = [self._lines()]
        found = self._found("product", deeds, "product")
        of = self._many(deeds[0])
        return replace(found, of=of, doubt=doubt_among(found.count, of, "lines sold are of products switched off"))

    def acting(self) -> Found:
        """What people did lately whom an earlier round saw switched off."""
        deeds = self._deeds_of_people()
        return self._found("user", deeds, "user")

    def given_other_rights(self) -> Found:
        """People whose role is another than an earlier round saw."""
        return changed_roles(self.model, self._memory)

    def coming_in(self) -> Found:
        """Log-ins that went well lately, of people whom an earlier round saw switched off.

        Raises NotCovered where no log-in is mapped, besides what `acting` raises.
        """
        deeds = self._deeds_of_people()
        log_ins = [
            replace(one, only=[*one.only, *is_log_in]) for one in deeds if (is_log_in := _log_in(one)) is not None
        ]
        if not log_ins:
            raise NotCovered("No log-in is mapped.", remedy="Map user in [mapping.login_attempt].")
        return self._found("user", deeds, "user", log_ins)

    def _deeds_of_people(self) -> Sequence[_Deed]:
        deeds = list(self._deeds())
        if not deeds:
            raise NotCovered("Nothing that is mapped tells who did it.", remedy="Map created_by in [mapping.sale].")
        return deeds

    def _found(self, entity: str, deeds: Sequence[_Deed], words: str, meant: Sequence[_Deed] | None = None) -> Found:
        """What was done of `meant`, by default of all deeds, with what these tell to be off."""
        meant = deeds if meant is None else meant
        since = self._off(entity, deeds)
        rows: list[dict[str, object]] = []
        period = self.model.since_yesterday_evening
        for deed in meant if since else ():
            for row in self._done(entity, deed, period):
                at, off = deed.at.timestamp_format.decode(row["at"]), since.get(str(row["who"]))
                if at is not None and off is not None and at > off + CLOCKS_DIFFER_BY:
                    rows.append(self._row(words, deed, row, off))
        places = ", ".join(dict.fromkeys(deed.records.place for deed in meant))
        return self.model.found(rows, of=None, place=places)

    def _off(self, entity: str, deeds: Sequence[_Deed]) -> Mapping[str, datetime]:
        """By key, when a round first saw it off. What was off at the very first look and in use all the same is not
        meant: `active` says something else of it.

        Raises NotCovered where that cannot be told, or not yet.
        """
        records, as_of = self.model.records(entity), self.model.as_of
        is_off = not_(records.flag("active"))
        statement = (
            select(records["id"].label("id")).where(is_off, *self.model.excluding_canary(records)).limit(_MOST_OFF + 1)
        )
        keys = [str(row["id"]) for row in self.model.database.rows(statement, about=f"{entity}s switched off")]
        if len(keys) > _MOST_OFF:
            raise NotCovered(
                f"More than {_MOST_OFF:,} {entity}s are switched off, which are too many to remember.",
                remedy=f"Leave out of [mapping.{entity}] by `where` what has long been off.",
            )
        name = f"{entity}s that are switched off"
        remembered = self._memory.recall(name)
        if remembered is None:
            in_use = self._last_done(entity, deeds, self.model.hypercare)
            first = self._first_seen(entity, deeds)
            off = {key: None if key in in_use else first.get(key, as_of).isoformat() for key in keys}
            self._memory.keep(name, {_FIRST_LOOK: as_of.isoformat(), _OFF: off}, as_of)
            raise NotCovered(
                f"No earlier round saw which {entity}s are switched off, and no table tells since when.",
                remedy="Nothing to mend: it is known from the next round on.",
            )
        before: Mapping[str, str | None] = remembered[_OFF]
        first = {} if before.keys() >= set(keys) else self._first_seen(entity, deeds)
        now = {key: before[key] if key in before else first.get(key, as_of).isoformat() for key in keys}
        self._memory.keep(name, {**remembered, _OFF: now}, as_of)
        return {key: datetime.fromisoformat(since) for key in keys if (since := before.get(key)) is not None}

    def _first_seen(self, entity: str, deeds: Sequence[_Deed]) -> Mapping[str, datetime]:
        """By key, when it was in use last after an instant of the past that is judged: the flag is that of the
        present, and what was in use until then was not off before."""
        if not self.target.is_replay:
            return {}
        return self._last_done(entity, deeds, Period(self.model.as_of, self.target.now()))

    def _last_done(self, entity: str, deeds: Sequence[_Deed], period: Period) -> Mapping[str, datetime]:
        """By key, when what is off was last in use within a period: one row a key, however much was done."""
        owner, last = self.model.records(entity, "switched_off"), dict[str, datetime]()
        for deed in deeds:
            statement = (
                select(owner["id"].label("who"), func.max(deed.at.raw).label("at"))
                .select_from(self._of_what_is_off(owner, deed))
                .where(deed.at.within(period), *deed.only)
                .group_by(owner["id"])
            )
            for row in self.model.database.rows(
                statement, about=f"{deed.records.place}, last use of what is switched off"
            ):
                at, key = deed.at.timestamp_format.decode(row["at"]), str(row["who"])
                if at is not None:
                    last[key] = max(at, last.get(key, at))
        return last

    def _of_what_is_off(self, owner: Records, deed: _Deed) -> FromClause:
        return deed.source.join(owner.source, and_(deed.who == owner["id"], not_(owner.flag("active"))))

    def _done(self, entity: str, deed: _Deed, period: Period) -> Sequence[Mapping[str, object]]:
        owner = self.model.records(entity, "switched_off")
        columns = {"who": owner["id"], "at": deed.at.raw, "name": deed.name, "named": _called(owner)}
        if deed.records.has("branch"):
            columns["branch"] = deed.records["branch"]
        statement = (
            select(*(column.label(words) for words, column in columns.items()))
            .select_from(self._of_what_is_off(owner, deed))
            .where(deed.at.within(period), *deed.only)
            .limit(_MOST_DEEDS)
        )
        return self.model.database.rows(statement, about=f"{deed.records.place} of what is switched off")

    def _many(self, deed: _Deed) -> int:
        period = self.model.since_yesterday_evening
        statement = select(func.count()).select_from(deed.source).where(deed.at.within(period), *deed.only)
        return int(self.model.database.value(statement, about=f"lately in {deed.records.place}"))

    def _row(self, words: str, deed: _Deed, row: Mapping[str, object], off: datetime) -> dict[str, object]:
        zone = self.model.calendar.zone
        shown: dict[str, object] = {words: row["named"], "what": deed.records.entity, "record": row["name"]}
        if "branch" in row:
            shown["branch"] = self.model.branch_word(row["branch"])
        at = self.model.shown_time(deed.at).readable(row["at"])
        return {**shown, "at": at, "seen off": f"{off.astimezone(zone):%Y-%m-%d %H:%M}"}

    def _lines(self) -> _Deed:
        """What is given back may well be switched off by then."""
        sale, line = self.model.records("sale"), self.model.records("sale_line")
        made = sale.instant("created_at" if sale.has("created_at") else "finalised_at")
        only = [sale.is_("state", "final"), *self.model.excluding_canary(sale)]
        if line.has("quantity"):
            only.append(line["quantity"] > 0)
        source = line.source.join(sale.source, line["sale"] == sale["id"])
        return _Deed(sale, source, line["product"], made, only, self.model.shown_name(sale).expression)

    def _deeds(self) -> Iterator[_Deed]:
        for entity, who, at in HANDS:
            if not self.model.has(entity, who, at):
                continue
            with left_out_if_gone():
                deed = self._deed(self.model.records(entity), who, at)
                if deed is not None:
                    yield deed

    def _deed(self, records: Records, who: str, at: str) -> _Deed | None:
        """None where the log has no word for what counts."""
        only = list(self.model.excluding_canary(records))
        if records.entity == "login_attempt":
            only.append(records.flag("succeeded"))
        if records.entity == "activity":
            words = [one for one in _WORDS if one in records.mapping.values.get("action", {})]
            if not words:
                return None
            only.append(records.is_("action", *words))
        named = self.model.shown_name(records).expression if records.has("id") else records[who]
        return _Deed(records, records.source, records[who], records.instant(at), only, named)


def _log_in(deed: _Deed) -> Sequence[ColumnElement[bool]] | None:
    """What chooses the log-ins among such deeds; None where none of them is one."""
    if deed.records.entity == "login_attempt":
        return []
    is_told = deed.records.entity == "activity" and "login" in deed.records.mapping.values.get("action", {})
    return [deed.records.is_("action", "login")] if is_told else None


def _called(owner: Records) -> ColumnElement[Any]:
    field = next((one for one in ("username", "number", "name") if owner.has(one)), "id")
    return owner[field]
