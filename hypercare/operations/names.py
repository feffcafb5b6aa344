"""Names by which people know what they work with: missing, or borne by two, where that is no habit of the house."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, String, cast, func, literal_column, or_

from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered

# Of each, the flag of those that still count. Customers are left out: some give no name, and many share one.
_NEEDED = {"branch": ("code", "name"), "user": ("username",), "product": ("name",)}
_BORNE_ONCE = {"branch": ("code", "name"), "user": ("username",), "product": ("number",)}
_STILL_COUNTS = {"branch": "live", "user": "active", "product": "active"}
_Wrong = Callable[[Records, str], ColumnElement[bool]]


def without_a_name(model: Model) -> Found:
    """Branches, people and products in use of which a name is missing that the others of their kind have.

    Raises NotCovered where no name is mapped.
    """
    return _found(model, _NEEDED, _is_missing, "records have no {field}")


def of_one_name(model: Model) -> Found:
    """Branches, people and products in use that bear the code, name or number of another.

    Raises NotCovered where no name is mapped.
    """
    return _found(model, _BORNE_ONCE, _is_borne_twice, "records bear the {field} of another")


def of_nearly_one_name(model: Model) -> Found:
    """Those that bear the code, name or number of another but for capitals and blanks; raises as `of_one_name`."""
    return _found(model, _BORNE_ONCE, _is_nearly_borne_twice, "records bear nearly the {field} of another")


def _found(model: Model, fields: Mapping[str, tuple[str, ...]], wrong: _Wrong, usual: str) -> Found:
    parts: list[Violations] = []
    for entity, field in ((entity, one) for entity, several in fields.items() for one in several):
        if not model.has(entity, "id", field):
            continue
        records, flag = model.records(entity), _STILL_COUNTS[entity]
        what = Shown(literal_column(f"'{entity}'"))
        query = ViolationQuery(
            source=records.source,
            among=[*([records.flag(flag)] if records.has(flag) else []), *model.excluding_canary(records)],
            wrong=wrong(records, field),
            show={"what": what, "record": model.shown(records, "id"), field: model.shown(records, field)},
            place=records.place,
            usual=usual.format(field=field),
        )
        parts.append(Violations(model, query))
    if not parts:
        raise NotCovered("no name of any record is mapped", remedy="Map username in [mapping.user] columns.")
    return Found.together(parts)


def _is_missing(records: Records, field: str) -> ColumnElement[bool]:
    return or_(records[field].is_(None), func.trim(cast(records[field], String(200))) == "")


def _is_borne_twice(records: Records, field: str) -> ColumnElement[bool]:
    rank = func.row_number().over(partition_by=records[field], order_by=records["id"])
    return (records[field].is_not(None)) & (cast(records[field], String(200)) != "") & (rank > 1)


def _is_nearly_borne_twice(records: Records, field: str) -> ColumnElement[bool]:
    """Not the first of those that are alike but for capitals and blanks, and the first that is written just so."""
    written = cast(records[field], String(200))
    alike = func.lower(func.replace(written, " ", ""))
    among_alike = func.row_number().over(partition_by=alike, order_by=records["id"])
    just_so = func.row_number().over(partition_by=written, order_by=records["id"])
    return (records[field].is_not(None)) & (alike != "") & (among_alike > 1) & (just_so == 1)
