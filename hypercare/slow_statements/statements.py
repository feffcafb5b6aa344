"""The `statements` resource: what of the database is slow, by whoever can tell."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select
from sqlalchemy.exc import SQLAlchemyError

from hypercare.database.database import Database
from hypercare.history.problem import HistoryProblem
from hypercare.logs.log_state import Remembering
from hypercare.logs.logs import Logs
from hypercare.operations_model.model import Model
from hypercare.outcome.evidence import attach_rows
from hypercare.outcome.finding import SAMPLE_SIZE
from hypercare.outcome.found import Found
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.slow_statements.counted import Counter, as_json, counters_of, fingerprint, since
from hypercare.slow_statements.explaining import plan_of_select, plan_of_statement
from hypercare.slow_statements.in_logs import logged_statements
from hypercare.slow_statements.look_ups import looked_up
from hypercare.slow_statements.statement import Plan, Statement, row_of
from hypercare.target_file.target import Target

_LOG = logging.getLogger(__name__)
_NAME = "statements counted"


@dataclass
class StatementsRead:
    """What was told by all that can tell: `told_by` are their names, `gaps` why the others cannot."""

    statements: list[Statement] = field(default_factory=list)
    told_by: list[str] = field(default_factory=list)
    gaps: list[NotCovered] = field(default_factory=list)
    of_our_own: dict[str, Select[Any]] = field(default_factory=dict)


class Statements:
    """Asks the engine's counters, the database's log, and where neither tells, looks records up itself.

    `memory` holds the counters as the last round saw them, so that what is slow is slow since then.
    """

    def __init__(self, target: Target, database: Database, logs: Logs, memory: Remembering | None = None) -> None:
        self._target = target
        self._database = database
        self._logs = logs
        self._memory = None if target.is_replay else memory
        self._model = Model(target, database)
        self._read: StatementsRead | None = None

    def read(self, period: Period) -> StatementsRead:
        """Once a session.

        Raises:
            NotCovered: nothing tells, with the reason of whoever was asked first.
            ChannelDown: the database does not answer, or its log cannot be read.
        """
        if self._read is None:
            found = StatementsRead()
            for ask in (self._counted, self._logged):
                try:
                    ask(found, period)
                except NotCovered as gap:
                    found.gaps.append(gap)
            if not found.statements:
                self._ask_ourselves(found)
            self._read = found
        if not self._read.told_by:
            raise self._read.gaps[0]
        took_in(" and ".join(self._read.told_by), "statements", len(self._read.statements))
        return self._read

    def slow(self, period: Period) -> Found:
        """The slow ones with their plans, those that cost most in all first."""
        read = self.read(period)
        limits = self._target.config.limits
        slow = sorted((one for one in read.statements if one.is_slow(limits)), key=lambda one: -one.total_ms)
        rows = [row_of(one, self._plan(read, one)) for one in slow[:SAMPLE_SIZE]]
        attach_rows("slow statements", [row_of(one, Plan()) for one in slow])
        where = ", ".join(read.told_by)
        return Found(count=len(slow), of=len(read.statements), sample=rows, where=where)

    def mean_ms(self, period: Period) -> float | None:
        """How long a statement took on average; None where nobody counts all of them."""
        counted = [
            one for one in self.read(period).statements if one.source in {"pg_stat_statements", "performance_schema"}
        ]
        calls = sum(one.calls for one in counted)
        return sum(one.total_ms for one in counted) / calls if calls else None

    def _plan(self, read: StatementsRead, statement: Statement) -> Plan:
        own = read.of_our_own.get(statement.text)
        return plan_of_statement(self._database, statement) if own is None else plan_of_select(self._database, own)

    def _counted(self, found: StatementsRead, _: Period) -> None:
        source, counters = counters_of(self._database)
        found.statements += since(counters, self._counters_before(source), source)
        found.told_by.append(source)
        self._remember(source, counters)

    def _logged(self, found: StatementsRead, period: Period) -> None:
        quotes = self._database.dialect in {"mysql", "mariadb"}
        logged = logged_statements(self._target, self._logs, period, double_quotes=quotes)
        counted_texts = {one.text for one in found.statements}
        found.statements += [one for one in logged.statements if one.text not in counted_texts]
        # A log that holds no statement may be one to which none is written, however slow.
        if logged.sums:
            found.told_by.append(f"the log {' and '.join(logged.logs)}")
        found.gaps += logged.gaps

    def _ask_ourselves(self, found: StatementsRead) -> None:
        if found.told_by:
            return
        try:
            asked = looked_up(self._model)
        except NotCovered as gap:
            found.gaps.append(gap)
            return
        found.statements += [statement for statement, _ in asked]
        found.of_our_own |= {statement.text: select for statement, select in asked}
        found.told_by.append("our own look-ups")

    def _counters_before(self, source: str) -> dict[str, Sequence[float]]:
        try:
            value = self._memory.recall(_NAME) if self._memory is not None else None
        except (HistoryProblem, SQLAlchemyError, json.JSONDecodeError) as error:
            _LOG.debug("nothing is known of earlier counters: %s", error)
            return {}
        return value["counters"] if value and value.get("of") == fingerprint(source, self._database) else {}

    def _remember(self, source: str, counters: Sequence[Counter]) -> None:
        if self._memory is None:
            return
        try:
            value = {"of": fingerprint(source, self._database), "counters": as_json(counters)}
            self._memory.keep(_NAME, value, self._target.as_of)
        except (HistoryProblem, SQLAlchemyError) as error:
            _LOG.debug("counters cannot be remembered: %s", error)
