"""What a chosen column still needs: its time and money form, its value map, its SQL; and which rows are deleted."""

from __future__ import annotations

from typing import Any

from hypercare.init.entities import Choice
from hypercare.init.fields import words_behind
from hypercare.init.forms import money_form, time_form
from hypercare.init.names import load_vocabulary, tokens_of
from hypercare.init.proposal import EntityProposal, FieldProposal
from hypercare.init.sampling import number
from hypercare.init.schema import TIMES, Column, Type
from hypercare.init.states_by_times import correct_states
from hypercare.init.survey import DatabaseSurvey
from hypercare.init.words import flag_words, unseen_words, words_of
from hypercare.target_file.entities import ENTITIES, VOCABULARY, Kind

_PROPOSED_FROM = 0.5
_ENOUGH_ROWS = 8
_OTHER_WAY: dict[str, list[Any]] = {"0": [1], "1": [0], "Y": ["N"], "N": ["Y"], "y": ["n"], "n": ["y"]}
# What is asked in percent, and is often kept as a share of one.
_IN_PERCENT = {("sale_line", "discount_percent"), ("production_order", "progress")}
# Stands in SQL for the entity's own rows until it is known whether it becomes a select.
OWN = "{own}"
_OUR_WORDS = {
    ("activity", "action"): "sale.create, sale.delete, sale.finalise, sale.void, step.update, cost.enter",
    ("sale", "kind"): "stock, made_to_order",
    ("ledger_entry", "account"): "revenue, receivable, money",
}


def complete(survey: DatabaseSurvey, entity_proposal: EntityProposal, choice: Choice) -> None:
    """Fill in forms and words of every proposed field."""
    _discount(survey, entity_proposal, choice)
    for field in entity_proposal.fields.values():
        if (entity_proposal.entity, field.field) in _IN_PERCENT and field.column is not None:
            _percent(survey, entity_proposal, field)
        if field.column is None:
            continue
        kind = ENTITIES[entity_proposal.entity][field.field]
        column = survey.tables[entity_proposal.table].columns[field.column]
        if kind in {Kind.INSTANT, Kind.DAY}:
            form = time_form(column, survey.samples.values(entity_proposal.table, field.column))
            field.time = form[0] if form else None
        elif kind is Kind.MONEY:
            field.money = money_form(column, survey.samples.values(entity_proposal.table, field.column))[0]
        elif kind is Kind.FLAG:
            _flag(survey, entity_proposal, field)
        elif (entity_proposal.entity, field.field) in VOCABULARY:
            _words(survey, entity_proposal, field)
        elif (entity_proposal.entity, field.field) in _OUR_WORDS:
            _our_own_words(survey, entity_proposal, field)
        if kind is Kind.KEY:
            _pointer(survey, entity_proposal, field)
    _amounts_beside_the_total(entity_proposal, choice)
    correct_states(survey, entity_proposal)


def _amounts_beside_the_total(entity_proposal: EntityProposal, choice: Choice) -> None:
    """What sums have proved beside a total is kept as the total is, however small it is."""
    for name in ("discount", "surcharge"):
        field, total = entity_proposal.fields.get(name), entity_proposal.fields.get("total")
        if field is not None and total is not None and name in choice.proven:
            field.money = total.money


def _discount(survey: DatabaseSurvey, entity_proposal: EntityProposal, choice: Choice) -> None:
    """A discount that sums have proved is taken in the form in which they were."""
    if entity_proposal.entity != "sale_line" or choice.discount is None:
        return
    column, form = choice.discount
    for field in ("discount", "discount_percent"):
        existing = entity_proposal.fields.get(field)
        if existing is not None and existing.column == column:
            del entity_proposal.fields[field]
    why = "with it the lines add up in the sample"
    if form == "money":
        entity_proposal.fields["discount"] = FieldProposal("discount", column, 0.95, why)
    elif form == "percent":
        entity_proposal.fields["discount_percent"] = FieldProposal("discount_percent", column, 0.95, why)
    else:
        sql = f"{OWN}.{survey.quote(column)} * 100"
        entity_proposal.fields["discount_percent"] = FieldProposal(
            "discount_percent", None, 0.95, f"{why}, kept as a share", sql=sql
        )
        entity_proposal.fields["discount_percent"].through = column


def _percent(survey: DatabaseSurvey, entity_proposal: EntityProposal, field: FieldProposal) -> None:
    """Take shares of one times a hundred, and propose nothing where the values do not tell which it is.

    A column that says percent and holds nothing above one may be either.
    """
    assert field.column is not None
    vocabulary = load_vocabulary()
    column = survey.tables[entity_proposal.table].columns[field.column]
    numbers = [
        n for value in survey.samples.values(entity_proposal.table, field.column) if (n := number(value)) is not None
    ]
    says_percent = any("percent" in vocabulary.meaning(token) for token in tokens_of(field.column))
    telling = [n for n in numbers if n != 0]
    if any(not 0 <= n <= 100 for n in telling):
        field.held_back = "it holds what is no percentage"
    elif not telling:
        if not says_percent and column.type is not Type.WHOLE:
            field.held_back = "it holds nothing yet: is it percent (10) or a share (0.1)?"
    elif all(n <= 1 for n in telling) and column.type is not Type.WHOLE:
        if says_percent or all(n == 1 for n in telling):
            field.held_back = "it holds nothing above 1: is it percent, or a share that must be taken times 100?"
            return
        field.sql = f"{OWN}.{survey.quote(field.column)} * 100"
        field.through, field.column = field.column, None
        field.sure, field.why = min(field.sure, 0.9), "its name, and it holds shares between 0 and 1"


def _flag(survey: DatabaseSurvey, entity_proposal: EntityProposal, field: FieldProposal) -> None:
    assert field.column is not None
    vocabulary = load_vocabulary()
    # "inactive" and "not active" are the wrong way round, "not inactive" is right again.
    turns = sum(bool(vocabulary.meaning(t) & {"inactive", "failed", "not"}) for t in tokens_of(field.column))
    inverse = turns % 2 == 1
    word_counts = survey.samples.words(entity_proposal.table, field.column)
    if survey.tables[entity_proposal.table].columns[field.column].type is Type.FLAG:
        words: dict[str, list[Any]] = {"yes": [True], "no": [False]}
    else:
        # A flag that has said one thing so far will say the other one day.
        words = flag_words(word_counts) or {"yes": [1], "no": [0]}
        words = {
            ours: theirs or _OTHER_WAY.get(str(words[other][0]), [])
            for ours, other, theirs in (("yes", "no", words["yes"]), ("no", "yes", words["no"]))
        }
    meant = {"yes": words["no"], "no": words["yes"]} if inverse else words
    if inverse or survey.tables[entity_proposal.table].columns[field.column].type is not Type.FLAG:
        field.values = {ours: theirs for ours, theirs in meant.items() if theirs}
    off = sum(times for word, times in word_counts.items() if word in meant["no"])
    rows = sum(word_counts.values())
    if field.field in {"active", "live"} and rows >= _ENOUGH_ROWS and off > rows / 2:
        field.held_back = f"{off} of {rows} would be switched off: which way round is it?"


def _words(survey: DatabaseSurvey, entity_proposal: EntityProposal, field: FieldProposal) -> None:
    assert field.column is not None
    behind = words_behind(survey, entity_proposal.table, field.column)
    sorted_ = words_of(entity_proposal.entity, field.field, behind.values())
    by_word: dict[object, list[object]] = {}
    for raw, word in behind.items():
        by_word.setdefault(word, []).append(raw)
    field.values = {ours: [raw for word in theirs for raw in by_word[word]] for ours, theirs in sorted_.of.items()}
    field.unknown = tuple(raw for word in sorted_.unknown for raw in by_word[word])
    column = survey.tables[entity_proposal.table].columns[field.column]
    if column.type is Type.TEXT and not column.choices:
        # A word that comes up tomorrow must not be an alarm.
        for ours, more in unseen_words(entity_proposal.entity, field.field, sorted_, like=behind.values()).items():
            field.values[ours] = [*field.values.get(ours, []), *more]
    elif not behind:
        field.held_back = "it holds nothing yet, so its codes could not be seen"


def place_sql(survey: DatabaseSurvey, entity_proposal: EntityProposal) -> None:
    """Say in every SQL expression which rows it is about, so that no inner table's column is taken for them."""
    own = "source" if entity_proposal.select is not None else survey.quote_table(entity_proposal.table)
    for field in entity_proposal.fields.values():
        if field.sql is not None:
            field.sql = field.sql.replace(OWN, own)


def hold_back(entity_proposal: EntityProposal) -> None:
    """Propose only as comments what would be asked in words of ours that the target does not speak."""
    for field in entity_proposal.fields.values():
        if field.sure < _PROPOSED_FROM and not field.held_back:
            field.held_back = "not sure enough"
        place = (entity_proposal.entity, field.field)
        if entity_proposal.entity == "ledger_entry" and field.field == "account" and not field.values:
            field.held_back = f"say in values.account what stands for {_OUR_WORDS[place]}"
        if place in VOCABULARY and not field.values and not field.held_back:
            field.held_back = "none of its words is understood"


def _our_own_words(survey: DatabaseSurvey, entity_proposal: EntityProposal, field: FieldProposal) -> None:
    """Fields that checks ask in fixed words without being a state: taken over where the target speaks them."""
    assert field.column is not None
    behind = words_behind(survey, entity_proposal.table, field.column)
    if entity_proposal.entity == "ledger_entry":
        found = words_of(entity_proposal.entity, field.field, behind.values())
        field.values = {
            ours: [raw for raw, word in behind.items() if word in theirs] for ours, theirs in found.of.items()
        }
        if {"revenue", "receivable", "money"} - set(field.values):
            field.values = {}
        return
    ours = set(_OUR_WORDS[entity_proposal.entity, field.field].replace(",", " ").split())
    spoken = [word for word in behind.values() if str(word) in ours]
    field.values = {str(word): [word] for word in spoken}
    if ours - set(field.values):
        missing = ", ".join(sorted(ours - set(field.values)))
        field.held_back = f"say in [mapping.{entity_proposal.entity}] values.{field.field} what stands for {missing}"


def _pointer(survey: DatabaseSurvey, entity_proposal: EntityProposal, field: FieldProposal) -> None:
    """A text reference ("sale.line,12") becomes SQL that gives the key it holds."""
    assert field.column is not None
    points = [one for one in survey.references.from_column(entity_proposal.table, field.column) if one.prefix]
    if not points:
        return
    target_table = survey.chosen.get("sale" if field.field == "sale" else field.field)
    direct = next((one for one in points if one.parent == target_table), None)
    line = next((one for one in points if one.parent == survey.chosen.get("sale_line")), None)
    point = direct or line
    if point is None:
        return
    column, start = f"{OWN}.{survey.quote(field.column)}", len(point.prefix) + 2
    whole = "SIGNED" if survey.samples.connection.dialect.name in {"mysql", "mariadb"} else "INTEGER"
    key = f"CAST(SUBSTR({column}, {start}) AS {whole})"
    if direct is None:
        to = survey.references.to(point.parent, target_table or "")
        if not to:
            return
        parent = survey.quote_table(point.parent)
        wanted_column, its_key = survey.quote(to[0].column), survey.quote(point.to)
        key = f"(SELECT parent.{wanted_column} FROM {parent} AS parent WHERE parent.{its_key} = {key})"
    field.sql = f"CASE WHEN {column} LIKE '{point.prefix},%' THEN {key} END"
    field.through, field.column = field.column, None


def leave_out_deleted(survey: DatabaseSurvey, entity_proposal: EntityProposal) -> None:
    """Give an entity a condition that leaves out what is deleted but still there, with its reason."""
    for column in survey.tables[entity_proposal.table].columns.values():
        condition = _deleted(survey, entity_proposal.table, column)
        if condition is not None:
            entity_proposal.where, entity_proposal.where_why = condition
            entity_proposal.where_columns = (column.name,)
            return


def _deleted(survey: DatabaseSurvey, table: str, column: Column) -> tuple[str, str] | None:
    vocabulary = load_vocabulary()
    tokens = tokens_of(column.name)
    if not any("delete" in vocabulary.meaning(token) for token in tokens) or len(tokens) > 2:
        return None
    dated = any(vocabulary.meaning(token) & {"date", "time"} for token in tokens)
    if column.type in TIMES or (dated and column.nullable):
        return f"{survey.quote(column.name)} IS NULL", f"{column.name} says when a row was deleted"
    if column.type is Type.FLAG:
        return f"NOT {survey.quote(column.name)}", f"{column.name} marks deleted rows"
    name, samples = survey.quote(column.name), survey.samples
    words = flag_words(samples.words(table, column.name))
    lacks = column.nullable and any(row.get(column.name) is None for row in samples.rows(table))
    if lacks and (words is None or not words["yes"] + words["no"]):
        return f"{name} IS NULL", f"{column.name} holds nothing in rows that are there"
    if words is not None and column.type in {Type.WHOLE, Type.TEXT}:
        no = ", ".join(_literal(value) for value in words["no"]) or ("0" if column.type is Type.WHOLE else "'N'")
        either = f"({name} IS NULL OR {name} IN ({no}))" if lacks else f"{name} IN ({no})"
        return either, f"{column.name} marks deleted rows"
    return None


def _literal(value: object) -> str:
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"
