"""What the mapping itself says belongs together, and nobody declared or agreed on: a line and its sale, a step and its
order, wherever they are kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, literal_column, select

from hypercare.integrity.declared import Reference
from hypercare.integrity.rules import SMALL_TABLE, Broken
from hypercare.operations_model.model import Model
from hypercare.operations_model.references import is_there, names_something
from hypercare.outcome.evidence import rows_wanted
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.mapping import EntityMapping

# Parts that are nothing without their whole. People, products and customers may be removed while what names them stays.
PARTS = {
    ("sale_line", "sale"): "sale",
    ("payment", "sale"): "sale",
    ("ledger_entry", "sale"): "sale",
    ("production_order", "sale"): "sale",
    ("step", "order"): "production_order",
    ("cost", "order"): "production_order",
}
_MAY_BE_REMOVED = frozenset({"user", "product", "customer"})
# Of so many that point to nothing, the field points to something else besides, or old wholes are removed by design.
_MOST = 0.02


@dataclass(frozen=True)
class Part:
    """A field of an entity that holds the key of another."""

    entity: str
    field: str
    whole: str

    @property
    def words(self) -> str:
        return f"{self.entity}.{self.field}"


def parts_to_follow(model: Model, vouched: Collection[Reference]) -> Iterator[Part]:
    """The mapped parts, those of one's own among them, that are neither declared nor agreed on."""
    references = model.definitions.own_references().items()
    own = {place: whole for place, whole in references if whole not in _MAY_BE_REMOVED}
    for (entity, field), whole in {**PARTS, **own}.items():
        if not model.has(entity, field) or not model.has(whole, "id"):
            continue
        child, parent = model.mapping.entity(entity), model.mapping.entity(whole)
        assert child is not None and parent is not None
        if not any(_is(one, child, field, parent) for one in vouched):
            yield Part(entity, field, whole)


def without_their_whole(model: Model, part: Part) -> list[Broken]:
    """Records that point to nothing; what the mapping leaves out of the whole counts as there.

    Raises:
        NotCovered: that cannot be told: of a select, of very many records, or since many point to nothing.
    """
    records, mapped = model.records(part.entity), model.mapping.entity(part.whole)
    assert mapped is not None
    if mapped.select is not None:
        raise _untold(part, f"{part.whole} is mapped by a select, which may leave some out on purpose")
    pointing = names_something(records, part.field)
    bounded: Select[Any] = select(literal_column("1").label("one")).select_from(records.source).limit(SMALL_TABLE + 1)
    if int(model.database.value(select(func.count()).select_from(bounded.subquery("bounded")))) > SMALL_TABLE:
        raise _untold(part, f"there are more than {SMALL_TABLE:,} records")
    missing = ~is_there(model, records, part.field, mapped)
    of = model.count(records, pointing)
    count = model.count(records, pointing, missing)
    if count > max(1, of * _MOST):
        raise _untold(part, f"{count:,} of {of:,} point to none, so it means something else besides")
    if not count:
        return []
    shown = [records[field].label(field) for field in dict.fromkeys(("id", part.field)) if records.has(field)]
    statement = select(*shown).select_from(records.source).where(pointing, missing).limit(rows_wanted())
    sample = tuple({**row, "missing_in": mapped.table} for row in model.database.rows(statement, about=part.words))
    return [Broken(records.place, f"{part.words} → {part.whole}", count, of, sample)]


def _untold(part: Part, reason: str) -> NotCovered:
    return NotCovered(
        f"whether each {part.words} is there cannot be told: {reason}",
        remedy="Agree on it in [[mapping.agreed.references]]: child and parent as table.column, and where, if not all.",
    )


def _is(one: Reference, child: EntityMapping, field: str, parent: EntityMapping) -> bool:
    """Whether the reference is just this one, by the tables and columns that the mapping names."""
    own, key = child.columns[field].column, parent.columns["id"].column
    return (
        own is not None
        and _bare(child.table) == one.table
        and _bare(parent.table) == one.parent
        and own in one.columns
        and (key is None or key in one.parent_columns)
    )


def _bare(table: str | None) -> str:
    return (table or "").rpartition(".")[2]
