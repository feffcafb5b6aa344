"""Fields that stand in another table that the entity's own points at: a company's name in its party, and the like."""

from __future__ import annotations

from dataclasses import dataclass

from hypercare.init.forms import time_form
from hypercare.init.names import column_says, load_vocabulary, table_says, tokens_of
from hypercare.init.proposal import EntityProposal, FieldProposal
from hypercare.init.references import Reference
from hypercare.init.schema import NUMBERS, TIMES, Type
from hypercare.init.survey import POINTS_AT, DatabaseSurvey
from hypercare.target_file.entities import ENTITIES, Kind

_WORTH_IT = {
    "branch": ("name", "code"),
    "user": ("name",),
    "customer": ("name",),
    "product": ("name", "price", "kind", "number"),
    "sale": ("branch",),
    "step": ("name",),
    "ledger_entry": ("posted_at", "branch", "sale", "payment", "posting"),
    "production_order": ("branch", "product"),
    "payment": (),
    "cost": ("order",),
}
_LEAST = 0.7
_ORDERS = {"kind", "class", "cat", "group"}
_OF_ITS_OWN = {"name", "number", "price"}


@dataclass(frozen=True)
class _Found:
    point: Reference
    column: str
    says: float


def borrow(survey: DatabaseSurvey, entity_proposal: EntityProposal) -> None:
    """Fetch missing fields through a reference; the entity then becomes a select."""
    wanted_fields = [
        field
        for field in _WORTH_IT.get(entity_proposal.entity, ())
        if field not in entity_proposal.fields or _is_weak(entity_proposal, field)
    ]
    found = {field: one for field in wanted_fields if (one := _found(survey, entity_proposal, field)) is not None}
    if not found:
        return
    for field, one in found.items():
        proposed = FieldProposal(
            field,
            f"borrowed_{field}",
            min(0.9, 0.9 * one.says),
            f"{one.column} of {one.point.parent}, through {one.point.column}",
        )
        proposed.through = f"{one.point.parent}.{one.column}"
        if ENTITIES[entity_proposal.entity][field] is Kind.INSTANT:
            form = time_form(
                survey.tables[one.point.parent].columns[one.column], survey.samples.values(one.point.parent, one.column)
            )
            proposed.time = form[0] if form else None
        entity_proposal.fields[field] = proposed
    entity_proposal.fields = {
        field: entity_proposal.fields[field]
        for field in ENTITIES[entity_proposal.entity]
        if field in entity_proposal.fields
    }
    entity_proposal.select = _select(survey, entity_proposal, found)


def _is_weak(entity_proposal: EntityProposal, field: str) -> bool:
    return entity_proposal.fields[field].sure < (0.75 if field == "posted_at" else 0.5)


def _found(survey: DatabaseSurvey, entity_proposal: EntityProposal, field: str) -> _Found | None:
    kind = ENTITIES[entity_proposal.entity][field]
    patterns = load_vocabulary().fields.get((entity_proposal.entity, field), ())
    best: _Found | None = None
    for column, points in survey.references.of.get(entity_proposal.table, {}).items():
        if not points or points[0].prefix or points[0].parent == entity_proposal.table or points[0].sure < _LEAST:
            continue
        if not _may_lend(survey, entity_proposal, column, points[0].parent, field):
            continue
        survey.know(points[0].parent)
        for candidate in survey.tables[points[0].parent].columns.values():
            if not _fits(survey, points[0].parent, candidate.name, field, kind):
                continue
            says = column_says(candidate.name, points[0].parent, patterns)
            if kind is Kind.KEY and says:
                says = max(says, 0.9)
            if points[0].parent == survey.chosen.get("customer"):
                says = min(1.0, says + 0.05)
            if says >= _LEAST and (best is None or says > best.says):
                best = _Found(points[0], candidate.name, says)
    return best


def _may_lend(survey: DatabaseSurvey, entity_proposal: EntityProposal, column: str, parent: str, field: str) -> bool:
    """A parent that is an entity of its own lends nothing but its own place (a journal its branch)."""
    if field == "name" and entity_proposal.entity in {"branch", "user"} and parent == survey.chosen.get("customer"):
        return True  # a company or a user that is a party like any other
    if entity_proposal.entity == "cost" and field == "order":
        return parent == survey.chosen.get("step")
    vocabulary = load_vocabulary()
    if any("country" in vocabulary.meaning(token) for token in tokens_of(parent)):
        return False  # a currency's or a country's name is nobody else's
    if entity_proposal.entity == "product" and field in _OF_ITS_OWN and not _is_alike(survey, parent):
        return False  # the code of a tax rule or of a supplier is not the product's
    if (entity_proposal.entity, field) == ("product", "kind") and not (
        _is_alike(survey, parent) or _puts_in_order(parent)
    ):
        return False  # the type of its picture or of its tax is not the product's
    fields = {one.column: name for name, one in entity_proposal.fields.items()}
    return parent not in survey.chosen.values() and fields.get(column) not in {"created_by", "updated_by", "account"}


def _is_alike(survey: DatabaseSurvey, parent: str) -> bool:
    """Whether a parent is the same thing in general: a product's template, an article's master."""
    return table_says(parent, load_vocabulary().entities["product"], survey.noise) >= 0.5


def _puts_in_order(parent: str) -> bool:
    """Whether a parent is a list of kinds: categories, classes, groups."""
    meant = [load_vocabulary().meaning(token) for token in tokens_of(parent)]
    return any(not meaning.isdisjoint(_ORDERS) for meaning in meant)


def _fits(survey: DatabaseSurvey, parent: str, column: str, field: str, kind: Kind) -> bool:
    shape = survey.tables[parent].columns[column]
    if kind is Kind.KEY:
        target_table = survey.chosen.get(POINTS_AT.get(field, ""))
        return any(one.parent == target_table for one in survey.references.from_column(parent, column))
    if kind is Kind.INSTANT:
        return shape.type in TIMES
    if kind is Kind.MONEY:
        return shape.type in NUMBERS
    return shape.type is Type.TEXT


def _select(survey: DatabaseSurvey, entity_proposal: EntityProposal, found: dict[str, _Found]) -> str:
    quote = survey.quote
    joined: dict[str, tuple[str, Reference]] = {}
    for one in found.values():
        joined.setdefault(one.point.column, (f"of_{len(joined) + 1}", one.point))
    own = [f for f in entity_proposal.fields.values() if f.field not in found]
    parts = [f"own.{quote(f.column or f.through)}" for f in own]
    parts += [f"own.{quote(column)}" for column in entity_proposal.where_columns]
    parts += [f"{joined[one.point.column][0]}.{quote(one.column)} AS borrowed_{field}" for field, one in found.items()]
    lines = [f"SELECT {', '.join(dict.fromkeys(parts))}", f"FROM {survey.source(entity_proposal.table)} AS own"]
    for alias, point in joined.values():
        on = f"{alias}.{quote(point.to)} = own.{quote(point.column)}"
        lines.append(f"LEFT JOIN {survey.source(point.parent)} AS {alias} ON {on}")
    return "\n".join(lines)
