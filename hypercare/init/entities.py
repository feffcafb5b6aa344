"""Which table is which entity: names first, then what the tables hold, who points at whom, and what adds up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hypercare.init.names import column_says, load_vocabulary, table_says
from hypercare.init.schema import NUMBERS, TIMES, Column, Type
from hypercare.init.sums import Sum, proved_products, proved_sums
from hypercare.init.survey import POINTS_AT, DatabaseSurvey
from hypercare.target_file.entities import ENTITIES, Kind

SURE_ENOUGH = 0.5
WORTH_A_WORD = 0.36
_NEAREST = 6
# In this order each can lean on those before it.
_ORDER = (
    "user",
    "branch",
    "customer",
    "product",
    "production_order",
    "step",
    "payment",
    "cost",
    "membership",
    "ledger_entry",
    "session",
    "login_attempt",
    "activity",
    "issue",
    "job",
    "shift",
    "manual_record",
)
# What an entity is nothing without: a reference to one of these entities, or one of these fields.
_NEEDS = {
    "step": ({"production_order"}, ()),
    "membership": ({"user", "branch"}, ()),
    "ledger_entry": (set(), ("debit", "credit")),
    "login_attempt": (set(), ("at",)),
    "session": (set(), ("user",)),
    "cost": (set(), ("amount",)),
    "payment": (set(), ("amount",)),
    "activity": (set(), ("at",)),
    "shift": ({"user"}, ("starts_at",)),
    "manual_record": (set(), ("amount",)),
}
# Of these fields it must have one at least: a list of queues is no list of jobs, and a row without any of the others
# is not what is sold.
_NEEDS_ONE = {
    "job": ("state", "started_at", "finished_at", "error", "due_at"),
    "issue": ("state", "severity", "resolved_at"),
    "session": ("created_at", "expires_at", "ended_at", "address"),
}
_BY_TYPE: Mapping[Kind, set[Type]] = {
    Kind.KEY: {Type.WHOLE, Type.TEXT, Type.OTHER, Type.DECIMAL},
    Kind.TEXT: {Type.TEXT, Type.WHOLE},
    Kind.NUMBER: NUMBERS,
    Kind.MONEY: NUMBERS,
    Kind.FLAG: {Type.FLAG, Type.WHOLE, Type.TEXT},
    Kind.INSTANT: TIMES | {Type.WHOLE, Type.TEXT},
    Kind.DAY: TIMES | {Type.TEXT},
    Kind.STATE: {Type.TEXT, Type.WHOLE, Type.OTHER},
}


@dataclass
class Choice:
    """A table for an entity. `proven` are the columns that sums have proved, by field."""

    entity: str
    table: str
    sure: float
    why: str
    proven: dict[str, str]
    discount: tuple[str, str] | None = None
    others: tuple[str, ...] = ()


def chosen_tables(survey: DatabaseSurvey) -> dict[str, Choice]:
    """The best table for each entity, however unsure; `look.chosen` holds those that are sure enough."""
    first = {entity: _ranked(survey, entity) for entity in ENTITIES}
    found: dict[str, Choice] = {}
    for choice in _sale_and_lines(survey, first):
        _take(survey, found, choice)
    for entity in _ORDER:
        best = _best(
            survey, entity, first[entity], {choice.table for choice in found.values() if choice.sure >= SURE_ENOUGH}
        )
        if best is not None:
            _take(survey, found, best)
    return found


def _take(survey: DatabaseSurvey, found: dict[str, Choice], choice: Choice) -> None:
    found[choice.entity] = choice
    if choice.sure >= SURE_ENOUGH:
        survey.chosen[choice.entity] = choice.table


def _ranked(survey: DatabaseSurvey, entity: str) -> list[tuple[str, float]]:
    """The tables that by name and columns may be the entity, the likeliest first."""
    patterns = load_vocabulary().entities[entity]
    scored = []
    for name in survey.tables:
        says = table_says(name, patterns, survey.noise)
        if says >= 0.1:
            scored.append((name, 0.62 * says + 0.38 * _columns_fit(survey, entity, name)))
    return sorted(scored, key=lambda one: -one[1])[:_NEAREST]


def _columns_fit(survey: DatabaseSurvey, entity: str, table: str) -> float:
    """How many of the entity's usual fields the table has a column for, by name and type."""
    shape = survey.tables[table]
    weights = load_vocabulary().weights[entity]
    reached = 0.0
    for field, weight in weights.items():
        kind = ENTITIES[entity][field]
        patterns = load_vocabulary().fields.get((entity, field), ())
        fits = (
            column_says(c.name, table, patterns)
            for c in shape.columns.values()
            if c.type in _BY_TYPE[kind] or field == "id"
        )
        reached += weight * (1.0 if field == "id" else max(fits, default=0.0))
    return reached / sum(weights.values())


def _sale_and_lines(survey: DatabaseSurvey, first: Mapping[str, list[tuple[str, float]]]) -> list[Choice]:
    """Sale and lines are chosen together, since only together do they prove themselves."""
    best: tuple[float, Choice, Choice | None] | None = None
    for sale, fit in first["sale"]:
        fit += 0.04 if survey.samples.rows(sale) else 0.0
        alone = Choice("sale", sale, fit, "its name and columns", {})
        if best is None or fit - 0.1 > best[0]:
            best = (fit - 0.1, alone, None)
        for line, line_fit in first["sale_line"]:
            if line == sale:
                continue
            survey.know(line)
            survey.know(sale)
            points = survey.references.to(line, sale)
            if not points:
                continue
            pointers = {name: {c for c, many in survey.references.of[name].items() if many} for name in (sale, line)}
            sums = proved_sums(survey.samples, sale, line, points[0].column, pointers)
            products = proved_products(survey.samples, line, pointers[line])
            proof = sums[0].share if sums else 0.0
            merit = (fit + line_fit) / 2 + 0.1 * points[0].sure + 0.25 * proof
            if best is None or merit > best[0]:
                best = (merit, *_pair(sale, fit, line, line_fit, points[0].sure, sums, products))
    if best is None:
        return []
    others = tuple(name for name, score in first["sale"][:3] if name != best[1].table and score > 0.3)
    best[1].others = others
    return [best[1]] if best[2] is None else [best[1], best[2]]


def _pair(
    sale: str, fit: float, line: str, line_fit: float, points: float, sums: list[Sum], products: list[Sum]
) -> tuple[Choice, Choice]:
    of_sale = Choice("sale", sale, min(0.99, fit + 0.12), f"its name and columns; {line} points at it", {})
    of_line = Choice(
        "sale_line", line, min(0.99, line_fit + 0.15 * points), f"its name and columns; it points at {sale}", {}
    )
    if sums:
        one = sums[0]
        reason = f"in {one.share:.0%} of {one.heads} sampled records the lines add up to it"
        of_sale.sure = of_line.sure = max(0.97, of_sale.sure)
        of_sale.why += f"; {reason}"
        of_line.why += "; its rows add up to the header"
        of_sale.proven = {"total": one.total} if one.total else {}
        if one.beside is not None:
            of_sale.proven[one.beside[0]] = one.beside[1]
    for one in [*sums[:1], *products[:1]]:
        named = {"amount": one.amount, "quantity": one.quantity, "unit_price": one.price}
        for field, column in named.items():
            if column is not None:
                of_line.proven.setdefault(field, column)
        if one.discount is not None and of_line.discount is None:
            of_line.discount = one.discount
    return of_sale, of_line


def _best(survey: DatabaseSurvey, entity: str, ranked: list[tuple[str, float]], taken: set[str]) -> Choice | None:
    found: list[Choice] = []
    for name, fit in [*ranked, *_pointed_at(survey, entity, ranked)]:
        if name in taken:
            continue
        survey.know(name)
        bonus, why = _company(survey, entity, name)
        if not _has_needed(survey, entity, name):
            fit *= 0.5
        if entity not in {"branch", "membership", "product"} and _columns_fit(survey, entity, name) < 0.3:
            fit *= 0.6
        if survey.samples.rows(name):
            bonus += 0.03
        found.append(Choice(entity, name, min(0.99, fit + bonus), "; ".join(["its name and columns", *why]), {}))
    if not found:
        return None
    found.sort(key=lambda one: -one.sure)
    found[0].others = tuple(one.table for one in found[1:3] if one.sure > 0.3)
    return found[0]


def _pointed_at(survey: DatabaseSurvey, entity: str, ranked: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Whatever the sale points at by the right column, though it has another name."""
    ranked_names = {name for name, _ in ranked}
    found = []
    for other, table in survey.chosen.items():
        for field, kind in ENTITIES[other].items():
            if kind is not Kind.KEY or POINTS_AT.get(field) != entity or field not in {"branch", "customer", "product"}:
                continue
            for column, points in survey.references.of.get(table, {}).items():
                says = column_says(column, table, load_vocabulary().fields.get((other, field), ()))
                for one in points[:1]:
                    if says >= 0.6 and one.parent not in ranked_names:
                        ranked_names.add(one.parent)
                        found.append((one.parent, 0.3 * says + 0.3 * _columns_fit(survey, entity, one.parent)))
    return found


def _company(survey: DatabaseSurvey, entity: str, table: str) -> tuple[float, list[str]]:
    """What the tables that are already decided say for it: by pointing at it, or by being pointed at."""
    bonus, why = 0.0, []
    targets = {POINTS_AT[f] for f, kind in ENTITIES[entity].items() if kind is Kind.KEY and f in POINTS_AT}
    for target in targets:
        parent = survey.chosen.get(target)
        if parent is not None and parent != table and survey.references.to(table, parent):
            bonus += 0.07
            why.append(f"it points at {parent}")
    for other, child in survey.chosen.items():
        wants = any(POINTS_AT.get(f) == entity for f, kind in ENTITIES[other].items() if kind is Kind.KEY)
        if wants and child != table and survey.references.to(child, table):
            bonus += 0.12 if other in {"sale", "sale_line", "production_order"} else 0.06
            why.append(f"{child} points at it")
    if entity in {"branch", "user"} and survey.references.fan_in[table] >= max(3, 0.15 * len(survey.tables)):
        bonus += 0.05
        why.append(f"{survey.references.fan_in[table]} columns point at it")
    return min(bonus, 0.3), why


def _has_needed(survey: DatabaseSurvey, entity: str, table: str) -> bool:
    needed, fields = _NEEDS.get(entity, (set(), ()))
    for one in needed:
        parent = survey.chosen.get(one)
        if parent is None or not survey.references.to(table, parent):
            return False
    columns = list(survey.tables[table].columns.values())
    one_of = _NEEDS_ONE.get(entity, ())
    has_one = not one_of or any(_has_field(entity, field, table, columns) for field in one_of)
    return has_one and all(_has_field(entity, field, table, columns) for field in fields)


def _has_field(entity: str, field: str, table: str, columns: list[Column]) -> bool:
    kind, patterns = ENTITIES[entity][field], load_vocabulary().fields[entity, field]
    return any(c.type in _BY_TYPE[kind] and column_says(c.name, table, patterns) >= 0.4 for c in columns)
