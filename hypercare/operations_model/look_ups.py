"""What belongs to each of some records: looked up one by one where an index helps, else read in one go.

An engine that thinks many look-ups dear reads all that there ever was of lines and payments to add up those of a month.
PostgreSQL takes a lateral subquery as an order to look up; whoever knows none is asked for the children of just these
records, which most of them look up anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, exists, func, literal_column, select, true

from hypercare.database.query_plan import counts_by_index
from hypercare.operations_model.protocol import AskedModel
from hypercare.operations_model.records import Records

Chosen = Callable[[Records], Sequence[ColumnElement[bool]]]
_ONE: ColumnElement[int] = literal_column("1")


@dataclass(frozen=True)
class Sums:
    """Sums over the children of each record; of a record without children they are null."""

    of: FromClause
    on: ColumnElement[bool]

    def __getitem__(self, name: str) -> ColumnElement[Any]:
        return self.of.c[name]

    def beside(self, source: FromClause) -> FromClause:
        """The records, each with its sums."""
        return source.outerjoin(self.of, self.on)


def sums_beside(
    model: AskedModel,
    parent: Records,
    child: Records,
    field: str,
    *only: ColumnElement[bool],
    chosen: Chosen,
    name: str,
    **sums: ColumnElement[Any],
) -> Sums:
    """Sums over the children whose `field` is the parent's id, of the parents that are `chosen`, under this name."""
    named = [total.label(label) for label, total in sums.items()]
    if is_looked_up(model, child, field):
        looked_up = select(*named).select_from(child.source).where(child[field] == parent["id"], *only)
        return Sums(looked_up.lateral(name), true())
    one = model.records(parent.entity, f"{parent.entity}_of_{name}")
    mine = select(one["id"]).select_from(one.source).where(*chosen(one))
    grouped = (
        select(child[field].label("whose"), *named)
        .select_from(child.source)
        .where(child[field].in_(mine), *only)
        .group_by(child[field])
        .subquery(name)
    )
    return Sums(grouped, grouped.c.whose == parent["id"])


def children_beside(model: AskedModel, parent: Records, child: Records, field: str) -> tuple[FromClause, Records]:
    """Each child beside the parent whose id its `field` is, and the children as a question about both sees them."""
    if not is_looked_up(model, child, field):
        return child.source.join(parent.source, child[field] == parent["id"]), child
    looked_up = child.of(field, parent["id"])
    return parent.source.join(looked_up.source, true()), looked_up


def owner_beside(
    model: AskedModel, records: Records, owner: Records, field: str, *, source: FromClause | None = None
) -> tuple[FromClause, Records]:
    """Each of the records (in `source`) beside the owner whose id its `field` is, null where there is none.

    The owners are given as a question about both sees them.
    """
    source = records.source if source is None else source
    if not is_looked_up(model, owner, "id"):
        return source.outerjoin(owner.source, records[field] == owner["id"]), owner
    looked_up = owner.of("id", records[field])
    return source.outerjoin(looked_up.source, true()), looked_up


def has_any(
    model: AskedModel, child: Records, field: str, key: ColumnElement[Any], *only: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Whether there is such a child of this key; PostgreSQL may answer an EXISTS from all children, but no count."""
    if not is_looked_up(model, child, field):
        return exists().where(child[field] == key, *only)
    counted = select(func.count()).select_from(child.source).where(child[field] == key, *only)
    return counted.scalar_subquery() > literal_column("0")


def is_looked_up(model: AskedModel, child: Records, field: str) -> bool:
    """Whether to order the engine to look up children by a key: it knows how to be told, and has an index for it."""
    database = model.database
    if database.dialect != "postgresql":
        return False
    look_ups, name = database.known_look_ups, f"{child.entity}.{field}"
    if name not in look_ups:
        look_ups[name] = counts_by_index(database.plan_of(_look_up(model, child, field)))
    return look_ups[name]


def _look_up(model: AskedModel, child: Records, field: str) -> Select[Any]:
    """A look-up by a key that is not known when it is planned."""
    keys = model.records(child.entity, "some_keys")
    some = select(keys[field].label("key")).select_from(keys.source).limit(_ONE).subquery("some")
    looked_up = select(func.count().label("many")).where(child[field] == some.c.key).lateral("looked_up")
    return select(looked_up.c.many).select_from(some.join(looked_up, true()))
