"""Tables that only tie records to branches, where a record may belong to several."""

from __future__ import annotations

from hypercare.init.proposal import EntityProposal, Proposal, Tie
from hypercare.init.references import Reference
from hypercare.init.survey import DatabaseSurvey

_ENTITIES = ("sale", "production_order", "customer", "cost", "shift", "manual_record", "issue")
_LARGEST = 6
_LEAST = 0.5


def tie_to_branches(survey: DatabaseSurvey, proposal: Proposal) -> None:
    """Give each entity without a branch of its own the table that ties it to branches, where there is one."""
    branch = proposal.entities.get("branch")
    if branch is None:
        return
    chosen = {entity_proposal.table for entity_proposal in proposal.entities.values()}
    for name in _ENTITIES:
        entity_proposal = proposal.entities.get(name)
        if entity_proposal is None or not _has_plain_id(entity_proposal) or _has_branch(entity_proposal):
            continue
        found = [
            tie
            for table in survey.tables
            if table not in chosen
            and survey.tables[table].select is None
            and (tie := _tie(survey, table, entity_proposal.table, branch.table)) is not None
        ]
        entity_proposal.tie = max(found, key=lambda one: one.sure, default=None)


def _has_plain_id(entity_proposal: EntityProposal) -> bool:
    own = entity_proposal.fields.get("id")
    return own is not None and own.column is not None and not own.held_back


def _has_branch(entity_proposal: EntityProposal) -> bool:
    own = entity_proposal.fields.get("branch")
    return own is not None and not own.held_back


def _tie(survey: DatabaseSurvey, table: str, record: str, branch: str) -> Tie | None:
    shape = survey.tables[table]
    if len(shape.columns) > _LARGEST:
        return None
    survey.know(table)
    ours, theirs = survey.references.to(table, record), survey.references.to(table, branch)
    pair = next(((one, other) for one in ours for other in theirs if one.column != other.column), None)
    if pair is None or any(one.prefix for one in pair):
        return None
    columns = {one.column for one in pair}
    # Of what it keeps besides, a number of its own and the like do not count: whoever points elsewhere is no tie.
    elsewhere = {
        name
        for name, many in survey.references.of.get(table, {}).items()
        if name not in columns and any(one.declared or one.sure >= _LEAST for one in many)
    }
    is_key = set(shape.key) == columns or any(set(one) == columns for one in shape.unique)
    sure = min(one.sure for one in pair) * (0.97 if is_key else 0.8) - 0.1 * (len(shape.columns) - 2) * (not is_key)
    if elsewhere or sure < _LEAST:
        return None
    return Tie(table, pair[0].column, pair[1].column, sure, _why(pair, is_key, record, branch))


def _why(pair: tuple[Reference, Reference], is_key: bool, record: str, branch: str) -> str:
    reason = f"it points at {record} and {branch} ({', '.join(dict.fromkeys(one.how for one in pair))})"
    return f"{reason}, and each pair is there once" if is_key else reason
