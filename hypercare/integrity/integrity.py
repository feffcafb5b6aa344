"""Integrity as the checks speak of it: of any schema, by what it declares and what people agreed on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from hypercare.database.database import Database
from hypercare.database.export import export_of
from hypercare.database.schemas import schemas_of, tables_of
from hypercare.database.trouble import TooSlow
from hypercare.history.memory import Memory
from hypercare.integrity.corruption import damage
from hypercare.integrity.declared import declared_references, declared_tables
from hypercare.integrity.enforcement import not_enforced
from hypercare.integrity.lately_changed import lately_changed
from hypercare.integrity.lost_rules import lost_since_last_time
from hypercare.integrity.mapped_references import parts_to_follow, without_their_whole
from hypercare.integrity.numbering import GIVES_FREE_ONES, numbers_taken
from hypercare.integrity.one_by_one import each_agreed, one_by_one
from hypercare.integrity.references import agreed_references, dangling, dangling_among
from hypercare.integrity.rolling_scan import RollingScan
from hypercare.integrity.rules import (
    Broken,
    as_listed,
    broken_agreements,
    broken_declarations,
    never_validated,
    past_the_checks_of_mysql,
)
from hypercare.operations_model.model import Model
from hypercare.outcome.evidence import attach_rows
from hypercare.outcome.found import Found
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import ChannelDown, CheckFailed, NotCovered

_DAMAGED = "database-damaged"


class Integrity:
    """Asks the engine where it vouches, and the rows where it does not.

    For `damaged`, a database too damaged to be read is a finding (CheckFailed), not a way that is down. `history`
    gives what is remembered from round to round; without it nothing is compared with before.
    """

    def __init__(self, database: Database, memory: Memory | None = None) -> None:
        self._database = database
        self._memory = memory or Memory()

    def damaged(self) -> Found:
        """What the engine itself reports as damaged."""
        try:
            with self._connection() as connection:
                rows, parts_checked = damage(
                    connection,
                    self._database.section.timeout,
                    schemas_of(connection, self._database.target.config.mapping),
                )
        except ChannelDown as down:
            if down.finding.cause == _DAMAGED:
                raise CheckFailed(down.finding) from None
            raise
        attach_rows("damage", rows)
        if parts_checked == 0:
            raise NotCovered(f"{self._database.dialect} offers no check of its own that we know")
        return Found.of_rows(rows, where=self._database.address)

    def not_enforced(self) -> Found:
        """Declared constraints that the engine does not enforce."""
        with self._connection() as connection:
            schemas = schemas_of(connection, self._database.target.config.mapping)
            rows = not_enforced(connection, self._tables_relied_on(), schemas)
        attach_rows("not enforced", rows)
        return Found.of_rows(rows, where=self._database.address)

    def no_longer_declared(self) -> Found:
        """Rules that the schema declared when it was last looked at and has lost since."""
        target = self._database.target
        given_up = target.config.mapping.agreed.given_up
        with self._connection() as connection:
            schemas = schemas_of(connection, target.config.mapping)
            rows = lost_since_last_time(connection, self._memory, given_up, target.as_of, schemas)
        attach_rows("not declared any more", rows)
        return Found.of_rows(rows, where=self._database.address)

    def numbers_taken(self) -> Found:
        """Sequences whose next number is a key that is taken."""
        target, dialect = self._database.target, self._database.dialect
        if dialect in GIVES_FREE_ONES:
            return Found(count=0, where=self._database.address)
        if dialect != "postgresql":
            raise NotCovered(f"how {dialect} gives the next key is not known here")
        with self._connection() as connection:
            rows = numbers_taken(connection, target.config.mapping, self._memory, target.as_of)
        attach_rows("numbers that are taken", rows)
        return Found.of_rows(rows, where=self._database.address)

    def against_declared_rules(self) -> Found:
        """Rows that break what the schema declares, where the engine may have let them in."""
        with self._connection() as connection, self._scanning() as scan:
            if self._database.dialect == "sqlite":
                broken = broken_declarations(connection, declared_tables(connection), scan)
            elif self._database.dialect == "postgresql":
                broken = never_validated(connection, scan)
            elif self._database.dialect in {"mysql", "mariadb"}:
                schemas = schemas_of(connection, self._database.target.config.mapping)
                broken = past_the_checks_of_mysql(connection, schemas, scan)
            else:
                broken = []
        return self._listed(broken, scan)

    def against_agreed_rules(self) -> Found:
        """Rows that break a rule of [mapping.agreed]."""
        rules = self._database.target.config.mapping.agreed.rules
        if not rules:
            raise NotCovered("no rules are agreed on", remedy="Add [[mapping.agreed.rules]] to the target file.")
        with self._connection() as connection, self._scanning() as scan:
            broken = each_agreed(
                self._database, connection, rules, lambda one: broken_agreements(connection, [one], scan)
            )
        return self._listed(broken, scan)

    def against_declared_references(self) -> Found:
        """Rows whose declared foreign key points to nothing."""
        with self._connection() as connection, self._scanning() as scan:
            schemas = schemas_of(connection, self._database.target.config.mapping)
            return self._listed(dangling(self._database, connection, schemas, scan), scan)

    def against_agreed_references(self) -> Found:
        """Rows whose agreed reference, undeclared in the schema, points to nothing."""
        agreed = self._database.target.config.mapping.agreed.references
        if not agreed:
            raise NotCovered("no references are agreed on", remedy="Add [[mapping.agreed.references]].")
        with self._connection() as connection, self._scanning() as scan:
            broken = each_agreed(
                self._database,
                connection,
                agreed,
                lambda one: dangling_among(connection, agreed_references([one]), scan),
            )
        return self._listed(broken, scan)

    def parts_without_their_whole(self) -> Found:
        """Lines, payments, steps ... of the mapping that point to nothing, where nobody declared or agreed on that."""
        database, mapping = self._database, self._database.target.config.mapping
        model = Model(database.target, database)
        with self._connection() as connection:
            tables = tables_of(connection, schemas_of(connection, mapping))
            vouched = [*declared_references(connection, tables), *agreed_references(mapping.agreed.references)]
            parts = list(parts_to_follow(model, vouched))
            answers = one_by_one(database, connection, parts, lambda part: without_their_whole(model, part))
        took_in(database.address, "mapped references", len(parts), answers.answered)
        if answers.unanswered and not answers.broken:
            raise answers.unanswered[0][1]
        return as_listed(answers.broken, database.address)

    def _listed(self, broken: Sequence[Broken], scan: RollingScan) -> Found:
        """Raises NotCovered where nothing is broken among what could be looked at, and that was not all."""
        if not broken:
            scan.require_covered()
        return as_listed(broken, self._database.address)

    def _tables_relied_on(self) -> set[str]:
        mapping = self._database.target.config.mapping
        return {one.table.rpartition(".")[2] for one in mapping.mapped_entities().values() if one.table}

    @contextmanager
    def _scanning(self) -> Iterator[RollingScan]:
        """What is read of large tables; how far it has come is remembered, also where one of the questions failed."""
        target = self._database.target
        model = Model(target, self._database)
        today = model.calendar.date_of(target.as_of)
        export = export_of(self._database)
        since = self._database.section.export_behind if export is not None else timedelta()
        changed = partial(lately_changed, model, at_least=since)
        scan = RollingScan(self._memory, target.as_of, today, changed, export)
        try:
            yield scan
        finally:
            scan.keep(self._database.address)

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        try:
            with self._database.snapshot() as connection, self._database.translating():
                yield connection
        except TooSlow:
            raise NotCovered(
                "the look at the whole database did not end in time", remedy="Raise [database] timeout."
            ) from None
