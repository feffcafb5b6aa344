"""What a state means, told by the times of the records that are in it: whoever is "ready" and has an end is done."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypercare.init.proposal import EntityProposal, FieldProposal
from hypercare.init.sampling import Row
from hypercare.init.survey import DatabaseSurvey

# The word of ours for what is over, the time that says so, and the words that such a record cannot be in.
_OVER = {
    "production_order": ("done", "completed_at", ("open", "in_progress")),
    "step": ("done", "finished_at", ("waiting", "started")),
}
# So many records of a word have to agree.
_LEAST = 3


def correct_states(survey: DatabaseSurvey, entity_proposal: EntityProposal) -> None:
    """Put words under *done* whose records all have an end, and ask about those under it of which none has.

    Only where both kinds of record are there: a time that all have, or none, tells nothing.
    """
    if entity_proposal.entity not in _OVER:
        return
    done, time_field, before = _OVER[entity_proposal.entity]
    state, ended = entity_proposal.fields.get("state"), entity_proposal.fields.get(time_field)
    if state is None or state.column is None or ended is None or ended.column is None:
        return
    rows = survey.samples.rows(entity_proposal.table)
    with_end, without = _counted(rows, state.column, ended.column)
    if not with_end or not without:
        return
    for word in {*with_end, *without}:
        if with_end[word] >= _LEAST and not without[word]:
            _move(state, word, before, done)
        elif without[word] >= _LEAST and not with_end[word] and word in state.values.get(done, []):
            state.values[done] = [one for one in state.values[done] if one != word]
            state.unknown = (*state.unknown, word)


def _counted(rows: list[Row], state: str, ended: str) -> tuple[Counter[Any], Counter[Any]]:
    """How many sampled records of each word have an end, and how many have none."""
    with_state = [row for row in rows if row.get(state) is not None]
    with_end = Counter(row[state] for row in with_state if row.get(ended) not in (None, "", 0))
    return with_end, Counter(row[state] for row in with_state if row.get(ended) in (None, "", 0))


def _move(state: FieldProposal, word: Any, before: tuple[str, ...], done: str) -> None:
    was = next((ours for ours in before if word in state.values.get(ours, [])), None)
    if was is None and word not in state.unknown:
        return
    if was is not None:
        state.values[was] = [one for one in state.values[was] if one != word]
    state.unknown = tuple(one for one in state.unknown if one != word)
    state.values[done] = [word, *state.values.get(done, [])]
