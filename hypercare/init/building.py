"""From a database to a proposal: read the catalogue, choose the tables, choose the columns, add what they need."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, column, select, table, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import FromClause

from hypercare.init.borrowed import borrow
from hypercare.init.details import complete, hold_back, leave_out_deleted, place_sql
from hypercare.init.documents import with_documents
from hypercare.init.entities import SURE_ENOUGH, WORTH_A_WORD, Choice, chosen_tables
from hypercare.init.fields import proposed_fields
from hypercare.init.forms import UNPROVED
from hypercare.init.proposal import AgreedProposal, EntityProposal, FieldProposal, Proposal
from hypercare.init.sampling import Samples
from hypercare.init.schema import read_schema
from hypercare.init.survey import DatabaseSurvey
from hypercare.init.ties import tie_to_branches
from hypercare.operations_model.instants import TimestampFormat
from hypercare.target_file.entities import ENTITIES
from hypercare.target_file.mapping import TimeForm

_NEWEST = 300
_DOUBTED = 0.45
_OF_A_SALE = {"customer", "total", "state", "created_at", "created_by", "branch"}
_COMPARED_WITH_SALES = {"sale_line", "payment", "ledger_entry", "manual_record"}
_LEAST_SURE = 0.9
_MOST_AGREED = 60
# What is planned lies ahead of any clock, and so proves nothing.
_PLANNED = {"starts_at", "ends_at", "due_on", "due_at", "respond_by", "resolve_by", "expires_at", "locked_until"}
_LOCAL = {TimeForm.LOCAL: TimeForm.UTC, TimeForm.ISO_LOCAL: TimeForm.ISO_UTC}
_UTC = {utc: local for local, utc in _LOCAL.items()}


def propose(connection: Connection) -> Proposal:
    """Propose a mapping for a database; the connection must be one that only reads."""
    tables = with_documents(connection, read_schema(connection))
    survey = DatabaseSurvey.at(tables, Samples(connection, tables))
    choices = chosen_tables(survey)
    proposal = Proposal(tables=len(tables))
    for entity in ENTITIES:
        choice = choices.get(entity)
        if choice is None or choice.sure < WORTH_A_WORD:
            continue
        entity_proposal = _proposed(survey, choice)
        borrow(survey, entity_proposal)
        place_sql(survey, entity_proposal)
        sure = choice.sure >= SURE_ENOUGH and (len(entity_proposal.fields) > 1 or choice.entity == "branch")
        if sure and survey.tables[choice.table].folded:
            sure, entity_proposal.sure = False, min(entity_proposal.sure, _DOUBTED)
            entity_proposal.why += "; put together from events, which somebody has to look at"
        if sure and _lies_idle(survey, entity_proposal):
            sure, entity_proposal.sure = False, min(entity_proposal.sure, _DOUBTED)
            entity_proposal.why += f"; it holds nothing, though {survey.chosen['sale']} does"
        (proposal.entities if sure else proposal.doubtful)[entity] = entity_proposal
    tie_to_branches(survey, proposal)
    _doubt_what_stands_alone(proposal)
    agree_on_a_clock(proposal)
    proposal.agreed = agreed_references(survey, proposal)
    proposal.shared_by_design = [
        entity
        for entity in ("product", "customer", "branch")
        if entity in proposal.entities
        and "branch" not in proposal.entities[entity].fields
        and proposal.entities[entity].tie is None
    ]
    proposal.questions = survey.samples.query_count
    return proposal


def _doubt_what_stands_alone(proposal: Proposal) -> None:
    """Make a comment of branches and products that no proposed record names, and of sales that tell nothing of a sale.

    Such tables bear the right name only: firms that one deals with, articles that one reads, rows of an invoice.
    """

    def live(field: str) -> bool:
        return any(
            field in entity_proposal.fields and not entity_proposal.fields[field].held_back
            for entity_proposal in proposal.entities.values()
        )

    tied = any(entity_proposal.tie is not None for entity_proposal in proposal.entities.values())
    if "branch" in proposal.entities and not live("branch") and not tied:
        _doubt(proposal, "branch", "no record that is mapped names it")
    sale = proposal.entities.get("sale")
    if sale is not None and "sale_line" not in proposal.entities:
        sale_fields = {one.field for one in sale.fields.values() if not one.held_back}
        if not sale_fields & {"customer", "total"} or len(sale_fields & _OF_A_SALE) < 2:
            _doubt(proposal, "sale", "it has no lines, and too little of what a sale has")
    sells = "sale" in proposal.entities and "sale_line" not in proposal.entities
    if "product" in proposal.entities and not live("product") and not sells:
        _doubt(proposal, "product", "no line that is mapped names it")


def _doubt(proposal: Proposal, entity: str, why: str) -> None:
    entity_proposal = proposal.doubtful[entity] = proposal.entities.pop(entity)
    entity_proposal.why += f"; {why}"
    entity_proposal.sure = min(entity_proposal.sure, _DOUBTED)


def _lies_idle(survey: DatabaseSurvey, entity_proposal: EntityProposal) -> bool:
    """Whether each sale would be missed there: an empty table beside full ones is not in use, or not for this."""
    sale = survey.chosen.get("sale")
    return (
        entity_proposal.entity in _COMPARED_WITH_SALES
        and sale is not None
        and bool(survey.samples.rows(sale))
        and not survey.samples.rows(entity_proposal.table)
    )


def first_day_of(connection: Connection, proposal: Proposal) -> date | None:
    """The day of the oldest among the newest sales; None where none is dated."""
    sale = proposal.entities.get("sale")
    dated = sale.fields.get("created_at") if sale else None
    if sale is None or dated is None or dated.column is None or dated.time is None:
        return None
    schema, _, bare = sale.table.rpartition(".")
    source: FromClause = table(bare, column(dated.column), schema=schema or None)
    if sale.select is not None:
        source = text(sale.select).columns(column(dated.column)).subquery()
    some = select(source.c[dated.column].label("at")).where(source.c[dated.column].is_not(None))
    newest = some.order_by(source.c[dated.column].desc()).limit(_NEWEST)
    face = TimestampFormat(dated.time, ZoneInfo("UTC"))
    try:
        times = [face.decode(value) for value in connection.execute(newest).scalars()]
    except SQLAlchemyError:
        return None
    return min((one.date() for one in times if one is not None), default=None)


def _proposed(survey: DatabaseSurvey, choice: Choice) -> EntityProposal:
    survey.know(choice.table)
    entity_proposal = EntityProposal(choice.entity, choice.table, choice.sure, choice.why, others=choice.others)
    entity_proposal.fields = proposed_fields(survey, choice.entity, choice.table, choice.proven)
    complete(survey, entity_proposal, choice)
    hold_back(entity_proposal)
    leave_out_deleted(survey, entity_proposal)
    entity_proposal.select = survey.tables[choice.table].select
    return entity_proposal


def agreed_references(survey: DatabaseSurvey, proposal: Proposal) -> list[AgreedProposal]:
    """References that everybody relies on though the schema does not declare them: names and values agree on them.

    Between proposed tables only, and only where every sampled value is found in the parent.
    """
    ours = {
        entity_proposal.table
        for entity_proposal in proposal.entities.values()
        if survey.tables[entity_proposal.table].select is None
    }
    found = []
    for child in sorted(ours):
        for field, points in survey.references.of.get(child, {}).items():
            best = points[0] if points else None
            if best is None or best.declared or best.prefix or best.parent not in ours or best.sure < _LEAST_SURE:
                continue
            if "." in child or "." in best.parent or not survey.samples.values(child, field):
                continue
            found.append(AgreedProposal(f"{child}.{field}", f"{best.parent}.{best.to}", best.how))
    return found[:_MOST_AGREED]


def agree_on_a_clock(proposal: Proposal) -> None:
    """Make all naive times local where any that has happened is proved to be; else none.

    One database keeps its naive times by one clock: what one column proves holds for those that prove nothing.
    """
    fields = list(_dated(proposal))
    proved = any(one.time in _LOCAL and one.field not in _PLANNED for one in fields)
    for one in fields:
        if proved and one.time in _UTC and UNPROVED in one.why:
            one.time, one.why = _UTC[one.time], one.why.replace(UNPROVED, "local as others of this database")
        elif not proved and one.time in _LOCAL:
            one.time = _LOCAL[one.time]
            one.why = "its name; a naive time, and what is planned does not tell whether it is local"


def _dated(proposal: Proposal) -> Iterator[FieldProposal]:
    for entity_proposal in (*proposal.entities.values(), *proposal.doubtful.values()):
        for one in entity_proposal.fields.values():
            if one.time is not None:
                yield one
