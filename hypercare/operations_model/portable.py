"""The little SQL that the engines spell differently."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    Subquery,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import NullType


class _Rounded(GenericFunction[Any]):
    """ROUND to a whole number; SQL Server insists on saying to how many digits."""

    name = "round"
    identifier = "hypercare_rounded"  # what others mean by func.round stays as it is
    inherit_cache = True


@compiles(_Rounded, "mssql")
def _rounded_on_mssql(element: _Rounded, compiler: Any, **options: Any) -> str:
    return f"ROUND({compiler.process(element.clauses, **options)}, 0)"


@compiles(_Rounded, "postgresql")
def _rounded_on_postgresql(element: _Rounded, compiler: Any, **options: Any) -> str:
    """What is no number or without end is nothing: it cannot be an integer, and would stop the whole question."""
    rounded = f"ROUND({compiler.process(element.clauses, **options)})"
    endless = (compiler.dialect.server_version_info or (14,)) >= (14,)
    for value in ("NaN", "Infinity", "-Infinity") if endless else ("NaN",):
        rounded = f"NULLIF({rounded}, '{value}')"
    return rounded


class _WithoutZeros(GenericFunction[str]):
    """Text without the zeros that it begins with."""

    name = "ltrim"
    identifier = "hypercare_without_zeros"
    inherit_cache = True


@compiles(_WithoutZeros)
def _without_zeros(element: _WithoutZeros, compiler: Any, **options: Any) -> str:
    return f"LTRIM({compiler.process(element.clauses, **options)}, '0')"


@compiles(_WithoutZeros, "mysql")
@compiles(_WithoutZeros, "mariadb")
def _without_zeros_on_mysql(element: _WithoutZeros, compiler: Any, **options: Any) -> str:
    return f"TRIM(LEADING '0' FROM {compiler.process(element.clauses, **options)})"


@compiles(_WithoutZeros, "mssql")
def _without_zeros_on_mssql(element: _WithoutZeros, compiler: Any, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    return f"SUBSTRING({text}, PATINDEX('%[^0]%', CONCAT({text}, '.')), 200)"


def without_leading_zeros(text: ColumnElement[str]) -> ColumnElement[str]:
    """The number as people read it aloud: 0012 is 12."""
    return _WithoutZeros(text)


class _ToTheSecond(GenericFunction[Any]):
    """A moment without what is less than a second, in whatever form sorts as moments do."""

    name = "hypercare_to_the_second"
    inherit_cache = True


class _SecondsLater(GenericFunction[Any]):
    """A moment some seconds later, without what is less than a second, in the form of _ToTheSecond."""

    name = "hypercare_seconds_later"
    inherit_cache = True


# How each engine says it; whoever is not here is compared as it stands.
_TO_THE_SECOND = {
    "sqlite": "substr(replace({0}, 'T', ' '), 1, 19)",
    "postgresql": "date_trunc('second', {0})",
    "mysql": "CAST(DATE_FORMAT({0}, '%%Y-%%m-%%d %%H:%%i:%%s') AS CHAR)",
    "mariadb": "CAST(DATE_FORMAT({0}, '%%Y-%%m-%%d %%H:%%i:%%s') AS CHAR)",
    "mssql": "CONVERT(VARCHAR(19), {0}, 120)",
    "oracle": "TO_CHAR({0}, 'YYYY-MM-DD HH24:MI:SS')",
}


_SECONDS_LATER = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S', {0}, '+{1} seconds')",
    "postgresql": "{0} + interval '{1} seconds'",
    "mysql": "DATE_ADD({0}, INTERVAL {1} SECOND)",
    "mariadb": "DATE_ADD({0}, INTERVAL {1} SECOND)",
    "mssql": "DATEADD(second, {1}, {0})",
    "oracle": "({0} + NUMTODSINTERVAL({1}, 'SECOND'))",
}


@compiles(_ToTheSecond)
def _to_the_second(element: _ToTheSecond, compiler: Any, **options: Any) -> str:
    written = compiler.process(element.clauses, **options)
    return _TO_THE_SECOND.get(compiler.dialect.name, "{0}").format(written)


@compiles(_SecondsLater)
def _seconds_later(element: _SecondsLater, compiler: Any, **options: Any) -> str:
    moment, seconds = (compiler.process(one, **options) for one in element.clauses)
    later = _SECONDS_LATER.get(compiler.dialect.name, "{0}").format(moment, seconds)
    return _TO_THE_SECOND.get(compiler.dialect.name, "{0}").format(later)


def to_the_second(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """For comparing two columns of which one may keep less than seconds, and the other may not."""
    return _ToTheSecond(moment)


def seconds_later(moment: ColumnElement[Any], seconds: int) -> ColumnElement[Any]:
    """For comparing it with another column: whole seconds are rounded up as well as down, and clocks differ."""
    return _SecondsLater(moment, literal_column(str(seconds)))


class _WithoutIndex(GenericFunction[Any]):
    """A column as it is, by whose index no record is to be found."""

    name = "hypercare_without_index"
    inherit_cache = True


@compiles(_WithoutIndex)
def _without_index(element: _WithoutIndex, compiler: Any, **options: Any) -> str:
    written: str = compiler.process(element.clauses, **options)
    return f"+{written}" if compiler.dialect.name == "sqlite" else written


def without_index(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """For what most records say: SQLite takes any equality for rarer than a range of days, and reads all history."""
    return _WithoutIndex(column, type_=column.type)


class _DayNumber(GenericFunction[Any]):
    """How many days a moment lies after the first of 1970, by the date that it shows."""

    name = "hypercare_day_number"
    inherit_cache = True


# What is no date is nothing. PostgreSQL would stop the whole question for one, so it casts only what surely is a date.
_IS_A_DATE = (
    "^[0-9]{{4}}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))"
)
_DAY_NUMBER = {
    "sqlite": "CAST(julianday(substr({0}, 1, 10)) - 2440587.5 AS INTEGER)",
    "postgresql": f"CASE WHEN CAST({{0}} AS TEXT) ~ '{_IS_A_DATE}'"
    " THEN CAST(substr(CAST({0} AS TEXT), 1, 10) AS DATE) - DATE '1970-01-01' END",
    "mysql": "DATEDIFF({0}, '1970-01-01')",
    "mariadb": "DATEDIFF({0}, '1970-01-01')",
    "mssql": "DATEDIFF(day, '1970-01-01', TRY_CAST({0} AS DATE))",
}


@compiles(_DayNumber)
def _day_number(element: _DayNumber, compiler: Any, **options: Any) -> str:
    written = compiler.process(element.clauses, **options)
    return _DAY_NUMBER.get(compiler.dialect.name, "NULL").format(written)


def day_number(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """For comparing two columns of which one is a day and the other a time; nothing where the engine cannot say it."""
    return _DayNumber(moment)


class _MinuteNumber(GenericFunction[Any]):
    """How many minutes a moment that is kept as text lies after the first of 1970, by the clock that it shows."""

    name = "hypercare_minute_number"
    inherit_cache = True


_MINUTE_NUMBER = {
    "sqlite": "CAST((julianday(substr(replace({0}, 'T', ' '), 1, 16)) - 2440587.5) * 1440 + 0.5 AS INTEGER)",
    "postgresql": f"CASE WHEN CAST({{0}} AS TEXT) ~ '{_IS_A_DATE}[T ]([01][0-9]|2[0-3]):[0-5][0-9]' THEN CAST(EXTRACT("
    "EPOCH FROM CAST(replace(substr(CAST({0} AS TEXT), 1, 16), 'T', ' ') AS TIMESTAMP)) / 60 AS BIGINT) END",
    "mysql": "TIMESTAMPDIFF(MINUTE, '1970-01-01', REPLACE(SUBSTRING({0}, 1, 16), 'T', ' '))",
    "mariadb": "TIMESTAMPDIFF(MINUTE, '1970-01-01', REPLACE(SUBSTRING({0}, 1, 16), 'T', ' '))",
    "mssql": "DATEDIFF(minute, '1970-01-01', TRY_CAST(REPLACE(SUBSTRING({0}, 1, 16), 'T', ' ') AS DATETIME))",
}


@compiles(_MinuteNumber)
def _minute_number(element: _MinuteNumber, compiler: Any, **options: Any) -> str:
    written = compiler.process(element.clauses, **options)
    return _MINUTE_NUMBER.get(compiler.dialect.name, "NULL").format(written)


def minute_number(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """For how far two moments in ISO text lie apart; null where one is none, or where no engine tells."""
    return _MinuteNumber(text, type_=BigInteger())


def whole(expression: ColumnElement[Any]) -> ColumnElement[int]:
    """The nearest integer, as an integer."""
    return cast(_Rounded(expression), BigInteger)


# MySQL keeps room for all of a length that is said, and groups by so much on disk.
_TEXT = String(200).with_variant(String(), "mysql", "mariadb")


def as_text(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Whatever a column holds as text, for grouping by it."""
    return cast(column, _TEXT)


def as_fraction(expression: ColumnElement[Any]) -> ColumnElement[Any]:
    """The number so that dividing it leaves a fraction, also where integers would be divided to an integer."""
    return expression * literal_column("1.0e0")


def untyped(value: object, dialect: str) -> ColumnElement[Any]:
    """A value as the column takes it that it is compared with: a key may be a number, text or a UUID.

    PostgreSQL compares no text with a UUID or number, unless the text has no type of its own.
    """
    return literal(str(value) if dialect == "postgresql" else value, NullType())


def evaluated_once(statement: Select[Any]) -> Subquery:
    """A subquery whose columns are reckoned once a row, however often they are used outside of it.

    An engine that takes it apart writes each column's expression wherever it is named, and reckons it each time. None
    takes one apart that has an offset; others than these would read it from a table of its own on disk.
    """
    kept_together = statement.suffix_with("LIMIT -1 OFFSET 0", dialect="sqlite")
    return kept_together.suffix_with("OFFSET 0", dialect="postgresql").subquery("each_one")


def one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 where the condition holds, 0 where it does not or is unknown; not every engine can select a boolean."""
    return case((condition, 1), else_=0)


def count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows of a group hold the condition; 0 for no rows."""
    return func.coalesce(func.sum(one_if(condition)), 0)


def counted_by(keys: Select[Any]) -> Select[Any]:
    """How many rows there are ("many") of each combination of the selected columns.

    The columns are computed first and grouped after: SQL Server takes a parameter in SELECT and the same one in
    GROUP BY for two.
    """
    each = keys.subquery("each_one")
    return select(*each.c, func.count().label("many")).select_from(each).group_by(*each.c)
