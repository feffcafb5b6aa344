"""Which column of a table is which field of an entity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypercare.init.forms import money_form, time_form
from hypercare.init.names import column_says, load_vocabulary
from hypercare.init.proposal import FieldProposal
from hypercare.init.schema import NUMBERS, TIMES, Column, Type
from hypercare.init.survey import POINTS_AT, DatabaseSurvey
from hypercare.init.words import flag_words, is_of_words
from hypercare.target_file.entities import ENTITIES, VOCABULARY, Kind

LEAST = 0.42
_MOST_WORDS = 30
_FOUND_THERE = 0.9
# What people tell records apart by (steps of many orders share their names), and how many rows show that they do not.
_TELLS_APART = {
    *((entity, "name") for entity in ("user", "customer", "product")),
    *((entity, "number") for entity in ("customer", "product", "sale", "production_order")),
    ("user", "username"),
    ("branch", "code"),
}
_ENOUGH_TO_TELL = 8
_FEW = 3
# Fields that mean nothing where every sampled row leaves them empty.
_MUST_SPEAK = {"branch", "customer", "number", "total", "created_at", "sale", "product", "quantity", "amount", "name"}


def proposed_fields(
    survey: DatabaseSurvey, entity: str, table: str, proven: Mapping[str, str]
) -> dict[str, FieldProposal]:
    """The best column for each field, each column once; `proven` are fields whose column sums have proved."""
    shape = survey.tables[table]
    found: dict[str, FieldProposal] = {}
    if "id" in ENTITIES[entity] and shape.id is not None:
        why = "the primary key" if shape.key == (shape.id,) else "unique"
        found["id"] = FieldProposal("id", shape.id, 0.99, why)
    scored = sorted(
        (
            (fit, field, column)
            for field, kind in ENTITIES[entity].items()
            if field != "id"
            for column in shape.columns.values()
            if (fit := _fit(survey, entity, table, field, kind, column, proven)) and fit[0] >= LEAST
        ),
        key=lambda one: (-one[0][0], one[1]),
    )
    used: set[str] = set()
    for (sure, why), field, column in scored:
        if field not in found and column.name not in used:
            found[field] = FieldProposal(field, column.name, min(0.99, sure), why)
            used.add(column.name)
    return {field: found[field] for field in ENTITIES[entity] if field in found}


def _fit(
    survey: DatabaseSurvey, entity: str, table: str, field: str, kind: Kind, column: Column, proven: Mapping[str, str]
) -> tuple[float, str] | None:
    if field in proven:
        return (0.99, "proved by sums on a sample") if proven[field] == column.name else None
    if column.name in proven.values():
        return None
    says = column_says(column.name, table, load_vocabulary().fields.get((entity, field), ()))
    if kind is Kind.KEY:
        fit = _key(survey, table, field, column, says)
    elif says <= 0:
        return None
    else:
        fit = _KINDS[kind](survey, entity, table, field, column, says)
    if fit is None:
        return None
    fit = _less_if_silent(survey, table, field, column, fit)
    return _less_if_repeated(survey, table, column, fit) if (entity, field) in _TELLS_APART else fit


def _less_if_silent(
    survey: DatabaseSurvey, table: str, field: str, column: Column, fit: tuple[float, str]
) -> tuple[float, str]:
    sure, why = fit
    if field in _MUST_SPEAK and survey.samples.rows(table) and not survey.samples.values(table, column.name):
        return sure * 0.6, f"{why}, but empty in every sampled row"
    return sure, why


def _less_if_repeated(survey: DatabaseSurvey, table: str, column: Column, fit: tuple[float, str]) -> tuple[float, str]:
    """A name or a number that few records share out among them is neither: a job, a town, a category."""
    sure, why = fit
    values = survey.samples.values(table, column.name)
    different = len(set(map(str, values)))
    says_one_thing = different == 1 < _FEW <= len(values)
    shared = len(values) >= _ENOUGH_TO_TELL and different < len(values) / 2
    if (column.name,) in survey.tables[table].unique or not (says_one_thing or shared):
        return fit
    return sure * 0.5, f"{why}, but {len(values)} rows share {different} values"


def _key(survey: DatabaseSurvey, table: str, field: str, column: Column, says: float) -> tuple[float, str] | None:
    if column.type in TIMES or column.type in {Type.FLAG, Type.FLOAT} or survey.tables[table].key == (column.name,):
        return None
    points = survey.references.from_column(table, column.name)
    target_table = survey.chosen.get(POINTS_AT.get(field, ""))
    if target_table is None:
        if field in POINTS_AT and field not in ("order", "step"):
            # What points at nothing that is known (a firm that somebody works for) is only a word to look at.
            return (says * 0.45, "its name alone") if says >= 0.9 else None
        return (says * 0.85, "its name" + (", and it points at a table" if points else "")) if says else None
    hits = [one for one in points if one.parent == target_table]
    if not points and not _keys_agree(survey, column, target_table):
        return None
    through_line = [one for one in points if one.prefix and one.parent == survey.chosen.get("sale_line")]
    if field == "sale" and through_line and says > 0:
        return 0.85, through_line[0].how
    if hits:
        alone = len({one.column for one in survey.references.to(table, target_table)}) == 1
        if says < 0.4 and (not alone or field == "user" or field.endswith(("_by", "_to"))):
            return None
        how = "declared foreign key" if hits[0].declared else hits[0].how
        weight = max(says, 0.5 if alone else 0.0)
        return (0.45 + 0.53 * weight) * hits[0].sure ** 0.3, f"points at {target_table} ({how})"
    if points:
        return (says * 0.4, f"its name, though it points at {points[0].parent}") if says else None
    column_values = survey.samples.values(table, column.name)
    key = survey.tables[target_table].id
    if says and column_values and key is not None and survey.samples.rows(target_table):
        share = survey.samples.share_within(column_values, target_table, key)
        if share < _FOUND_THERE:
            return says * 0.3, f"its name, though {share:.0%} of what it holds is found in {target_table}"
        return says * 0.85, f"its name, and what it holds is found in {target_table}"
    # Whom a hand's column points at is half of its meaning: employees are not users.
    unseen = 0.48 if field.endswith(("_by", "_to")) else 0.7
    return (says * unseen, "its name; at what it points could not be seen") if says else None


def _keys_agree(survey: DatabaseSurvey, column: Column, parent: str) -> bool:
    key = survey.tables[parent].id
    if key is None or Type.OTHER in (column.type, survey.tables[parent].columns[key].type):
        return True
    return (column.type is Type.TEXT) == (survey.tables[parent].columns[key].type is Type.TEXT)


def _time(
    survey: DatabaseSurvey, entity: str, table: str, field: str, column: Column, says: float
) -> tuple[float, str] | None:
    form = time_form(column, survey.samples.values(table, column.name))
    if form is None:
        if column.type not in TIMES:
            return None
        return says, "its name and type"
    wants_day = ENTITIES[entity][field] is Kind.DAY
    fits = wants_day == (form[0].value == "date")
    return says * (1.0 if fits else 0.88), f"its name, and it is {form[1]}"


def _money(
    survey: DatabaseSurvey, entity: str, table: str, field: str, column: Column, says: float
) -> tuple[float, str] | None:
    del entity, field
    if (
        column.type not in NUMBERS
        or survey.references.from_column(table, column.name)
        or _is_key(survey, table, column)
    ):
        return None
    form = money_form(column, survey.samples.values(table, column.name))
    return says * (0.97 if column.type is Type.DECIMAL else 0.92), f"its name, and it is {form[1]}"


def _number(
    survey: DatabaseSurvey, entity: str, table: str, field: str, column: Column, says: float
) -> tuple[float, str] | None:
    del entity
    single = survey.tables[table].key == (column.name,)
    if column.type not in NUMBERS or single or (field != "sequence" and _is_key(survey, table, column)):
        return None
    return says * 0.96, "its name and type"


def _text(
    survey: DatabaseSurvey, entity: str, table: str, field: str, column: Column, says: float
) -> tuple[float, str] | None:
    del entity
    if survey.references.from_column(table, column.name):
        return (says * 0.5, "its name, though it points at another table") if field not in ("name",) else None
    if column.type is Type.TEXT:
        if column.name in survey.tables[table].key:
            return says * (0.9 if field in {"number", "code", "username"} else 0.6), "its name, and it is the key"
        return says * 0.97, "its name and type"
    if column.type in {Type.WHOLE, Type.OTHER} and field in {"number", "code", "kind", "severity"}:
        return says * 0.85, "its name"
    return None


def _flag(
    survey: DatabaseSurvey, entity: str, table: str, field: str, column: Column, says: float
) -> tuple[float, str] | None:
    del entity, field
    if column.type is Type.FLAG:
        return says, "its name, and it is a flag"
    values = (
        set(survey.samples.words(table, column.name)) if column.type in {Type.WHOLE, Type.TEXT, Type.DECIMAL} else None
    )
    if not values:
        return None
    if len(values) <= 4 and flag_words(values) is not None:
        return says * 0.95, "its name, and it says only " + " and ".join(sorted(map(repr, values)))
    return None


def _state(
    survey: DatabaseSurvey, entity: str, table: str, field: str, column: Column, says: float
) -> tuple[float, str] | None:
    if column.type not in {Type.TEXT, Type.WHOLE, Type.OTHER}:
        return None
    if (entity, field) not in VOCABULARY:
        return says * 0.95, "its name"
    values = words_behind(survey, table, column.name)
    if not values:
        silent = bool(survey.samples.rows(table))
        return says * (0.5 if silent else 0.85), "its name; it holds nothing" + ("" if silent else " yet")
    if len(values) > _MOST_WORDS:
        return None
    share = is_of_words(entity, field, values.values())
    # Codes say less than words: 1 may be anything.
    of_codes = 0.8 if all(str(word).isdigit() for word in values.values()) else 1.0
    return says * (0.6 + 0.4 * share) * of_codes, f"its name, and {share:.0%} of its {len(values)} words are understood"


def words_behind(survey: DatabaseSurvey, table: str, column: str) -> dict[Any, Any]:
    """What a state column says: raw value to the word that people read, which may stand in another table."""
    values = survey.samples.words(table, column)
    shape = survey.tables[table].columns[column]
    raw: dict[Any, Any] = {value: value for value in (*shape.choices, *values)}
    for one in survey.references.from_column(table, column):
        parent = survey.tables[one.parent]
        rows = survey.samples.rows(one.parent)
        texts = [c.name for c in parent.columns.values() if c.type is Type.TEXT]
        if 0 < len(rows) <= _MOST_WORDS and texts:
            word = max(texts, key=lambda t: column_says(t, one.parent, load_vocabulary().fields["product", "name"]))
            return {row[one.to]: row[word] for row in rows if row.get(word) is not None and row.get(one.to) is not None}
    return raw


def _is_key(survey: DatabaseSurvey, table: str, column: Column) -> bool:
    shape = survey.tables[table]
    return column.name in shape.key or column.name in shape.references


_KINDS = {
    Kind.INSTANT: _time,
    Kind.DAY: _time,
    Kind.MONEY: _money,
    Kind.NUMBER: _number,
    Kind.TEXT: _text,
    Kind.FLAG: _flag,
    Kind.STATE: _state,
}
