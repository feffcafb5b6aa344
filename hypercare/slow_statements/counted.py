"""Statements as the engine itself counts them, and what they came to since the counters were last read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, TableClause, column, desc, func, literal_column, not_, or_, select, table, text
from sqlalchemy.exc import SQLAlchemyError

from hypercare.database.database import Database
from hypercare.database.engine import APPLICATION, MARK
from hypercare.outcome.signals import ChannelDown, NotCovered, Signal
from hypercare.slow_statements.normalising import is_of_the_application, normalised
from hypercare.slow_statements.statement import Statement

_MOST = 1_000
# So often at most is a question of ours put from one evening to the next.
_MOST_OF_OURS = 30
_ONLY_READS = re.compile(r"\W*(?:SELECT|WITH)\b", re.IGNORECASE)
_PICOSECONDS_OF_A_MILLISECOND = 1e9
_DIGESTS, _SAMPLE = "events_statements_summary_by_digest", "QUERY_SAMPLE_TEXT"
_NOT_TOLD = "Neither an extension nor the engine itself counts statements here."
_REMEDY = {
    "postgresql": "Have pg_stat_statements loaded and CREATE EXTENSION pg_stat_statements, and give the account of"
    " [database] the role pg_read_all_stats; or log slow statements (log_min_duration_statement).",
    "mysql": "Switch on performance_schema, and grant SELECT on it to the account of [database]; or log slow"
    " statements.",
}


@dataclass(frozen=True)
class Counter:
    """What the engine has of one kind of statement since its counters began; `key` is how it calls it. What
    `may_be_ours` reads, and the engine does not tell whose it is."""

    key: str
    text: str
    calls: int
    total_ms: float
    longest_ms: float | None = None
    example: str = ""
    may_be_ours: bool = False


def counters_of(database: Database) -> tuple[str, Sequence[Counter]]:
    """By which name they are known, and those with most time in all, without our own.

    Raises:
        NotCovered: the engine does not count, or hides it from us.
    """
    if database.dialect == "postgresql":
        return "pg_stat_statements", _of_postgresql(database)
    if database.dialect in {"mysql", "mariadb"}:
        return "performance_schema", _of_mysql(database)
    raise NotCovered("The engine of this database counts no statements.", remedy="Its log or look-ups tell instead.")


def since(counters: Sequence[Counter], before: Mapping[str, Sequence[float]], source: str) -> list[Statement]:
    """What each came to since `before` (calls and milliseconds by key); all of it where it began anew or is new.

    What may be a question of our own is left out unless it was put more often than any of these.
    """
    found = []
    for one in counters:
        calls, total = before.get(one.key, (0, 0.0))
        is_going_on = one.calls >= calls and one.total_ms >= total
        many, took = (one.calls - int(calls), one.total_ms - total) if is_going_on else (one.calls, one.total_ms)
        if many > (_MOST_OF_OURS if one.may_be_ours else 0):
            # The longest is of all time: it may have been long ago.
            longest = None if is_going_on and calls else one.longest_ms
            found.append(Statement(one.text, many, took, source, longest, one.example))
    return found


def _of_postgresql(database: Database) -> list[Counter]:
    view, timed = _view_of_postgresql(database)
    is_here = (
        view.c.dbid
        == select(literal_column("oid"))
        .select_from(text("pg_database"))
        .where(literal_column("datname") == func.current_database())
        .scalar_subquery()
    )
    total, is_ours = view.c[f"total_{timed}"], view.c.query.like(f"%{MARK}%")
    statement = (
        select(
            view.c.queryid.label("key"),
            func.min(view.c.query).label("text"),
            func.sum(view.c.calls).label("calls"),
            func.sum(total).label("total"),
            func.max(view.c[f"max_{timed}"]).label("longest"),
        )
        .where(is_here, not_(is_ours))
        .group_by(view.c.queryid)
        .order_by(desc("total"))
        .limit(_MOST)
    )
    rows = _asked(database, statement, "postgresql")
    if rows and all(str(row["text"]).startswith("<insufficient") for row in rows):
        raise NotCovered("What statements others put is hidden from this account.", remedy=_REMEDY["postgresql"])
    counters = _counters(rows, 1.0)
    # An engine that cuts off the comment before a statement has no mark of ours, though we have just put one.
    knows_ours = bool(_asked(database, select(view.c.queryid).where(is_here, is_ours).limit(1), "postgresql"))
    return counters if knows_ours else _maybe_ours(counters)


def _view_of_postgresql(database: Database) -> tuple[TableClause, str]:
    """The view that counts, and how its version calls the time that statements took."""
    place = database.rows(
        select(literal_column("n.nspname").label("schema"), literal_column("e.extversion").label("version"))
        .select_from(text("pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"))
        .where(column("extname") == "pg_stat_statements"),
        about="whether statements are counted",
    )
    if not place:
        raise NotCovered(_NOT_TOLD, remedy=_REMEDY["postgresql"])
    version = tuple(int(part) for part in str(place[0]["version"]).split(".")[:2])
    timed = "exec_time" if version >= (1, 8) else "time"
    names = ("queryid", "query", "calls", "dbid", f"total_{timed}", f"max_{timed}")
    return table("pg_stat_statements", *(column(name) for name in names), schema=str(place[0]["schema"])), timed


def _of_mysql(database: Database) -> list[Counter]:
    is_on = database.rows(text("SHOW VARIABLES LIKE 'performance_schema'"), about="whether statements are counted")
    if not is_on or str(list(is_on[0].values())[-1]).upper() != "ON":
        raise NotCovered(_NOT_TOLD, remedy=_REMEDY["mysql"])
    names = ["SCHEMA_NAME", "DIGEST", "DIGEST_TEXT", "COUNT_STAR", "SUM_TIMER_WAIT", "MAX_TIMER_WAIT", _SAMPLE]
    digests = table(_DIGESTS, *(column(name) for name in names), schema="performance_schema")
    # A digest has no comments, and so not our mark; MySQL keeps a statement as it was put beside it, MariaDB does not.
    has_sample = _has_sample(database)
    sample = digests.c[_SAMPLE]
    not_ours = [or_(sample.is_(None), sample.not_like(f"%{MARK}%"))] if has_sample else []
    statement = (
        select(
            digests.c.DIGEST.label("key"),
            digests.c.DIGEST_TEXT.label("text"),
            digests.c.COUNT_STAR.label("calls"),
            digests.c.SUM_TIMER_WAIT.label("total"),
            digests.c.MAX_TIMER_WAIT.label("longest"),
        )
        .where(func.database() == digests.c.SCHEMA_NAME, digests.c.DIGEST.is_not(None), *not_ours)
        .order_by(digests.c.SUM_TIMER_WAIT.desc())
        .limit(_MOST)
    )
    counters = _counters(_asked(database, statement, "mysql"), 1 / _PICOSECONDS_OF_A_MILLISECOND)
    return counters if has_sample else _maybe_ours(counters)


def _maybe_ours(counters: Sequence[Counter]) -> list[Counter]:
    return [replace(one, may_be_ours=bool(_ONLY_READS.match(one.text))) for one in counters]


def _has_sample(database: Database) -> bool:
    names = ("TABLE_SCHEMA", "TABLE_NAME", "COLUMN_NAME")
    columns = table("COLUMNS", *(column(name) for name in names), schema="information_schema")
    statement = select(columns.c.COLUMN_NAME).where(
        columns.c.TABLE_SCHEMA == "performance_schema",
        columns.c.TABLE_NAME == _DIGESTS,
        columns.c.COLUMN_NAME == _SAMPLE,
    )
    return bool(database.rows(statement, about="whether statements are kept as they were put"))


def _asked(database: Database, statement: Select[Any], engine: str) -> Sequence[Mapping[str, Any]]:
    try:
        return database.rows(statement, about="statements that the engine counts")
    except ChannelDown:
        raise
    except (Signal, SQLAlchemyError) as refused:
        raise NotCovered(f"What the engine counts cannot be read: {refused}", remedy=_REMEDY[engine]) from None


def _counters(rows: Sequence[Mapping[str, Any]], milliseconds: float) -> list[Counter]:
    return [
        Counter(
            key=str(row["key"]),
            text=normalised(str(row["text"])),
            calls=int(row["calls"]),
            total_ms=float(row["total"]) * milliseconds,
            longest_ms=float(row["longest"]) * milliseconds,
            example=str(row["text"]),
        )
        for row in rows
        if is_of_the_application(str(row["text"])) and APPLICATION not in str(row["text"])[:20]
    ]


def as_json(counters: Sequence[Counter]) -> dict[str, list[float]]:
    return {one.key: [one.calls, round(one.total_ms, 1)] for one in counters}


def fingerprint(source: str, database: Database) -> str:
    """What the counters are of: others are not to be set off against them."""
    return json.dumps([source, database.address, database.url.database])
