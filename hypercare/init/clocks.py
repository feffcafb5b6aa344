"""One database keeps its naive times by one clock: what one column proves holds for those that prove nothing."""

from __future__ import annotations

from collections.abc import Iterator

from hypercare.init.forms import UNPROVED
from hypercare.init.proposal import FieldProposal, Proposal
from hypercare.target_file.mapping import TimeForm

# What is planned lies ahead of any clock, and so proves nothing.
_PLANNED = {"starts_at", "ends_at", "due_on", "due_at", "respond_by", "resolve_by", "expires_at", "locked_until"}
_LOCAL = {TimeForm.LOCAL: TimeForm.UTC, TimeForm.ISO_LOCAL: TimeForm.ISO_UTC}
_UTC = {utc: local for local, utc in _LOCAL.items()}


def agree_on_a_clock(proposal: Proposal) -> None:
    """Make all naive times local where any that has happened is proved to be; else none."""
    fields = list(_dated(proposal))
    proved = any(one.time in _LOCAL and one.field not in _PLANNED for one in fields)
    for one in fields:
        if proved and one.time in _UTC and UNPROVED in one.why:
            one.time, one.why = _UTC[one.time], one.why.replace(UNPROVED, "local as others of this database")
        elif not proved and one.time in _LOCAL:
            one.time = _LOCAL[one.time]
            one.why = "its name; a naive time, and what is planned does not tell whether it is local"


def _dated(proposal: Proposal) -> Iterator[FieldProposal]:
    for made in (*proposal.entities.values(), *proposal.doubtful.values()):
        for one in made.fields.values():
            if one.time is not None:
                yield one
