"""References that everybody relies on though the schema does not declare them: names and values agree on them."""

from __future__ import annotations

from hypercare.init.proposal import AgreedProposal, Proposal
from hypercare.init.survey import DatabaseSurvey

_LEAST = 0.9
_MOST = 60


def agreed_references(look: DatabaseSurvey, proposal: Proposal) -> list[AgreedProposal]:
    """Between proposed tables only, and only where every sampled value is found in the parent."""
    ours = {made.table for made in proposal.entities.values() if look.tables[made.table].select is None}
    found = []
    for table in sorted(ours):
        for column, points in look.references.of.get(table, {}).items():
            best = points[0] if points else None
            if best is None or best.declared or best.prefix or best.parent not in ours or best.sure < _LEAST:
                continue
            if "." in table or "." in best.parent or not look.samples.values(table, column):
                continue
            found.append(AgreedProposal(f"{table}.{column}", f"{best.parent}.{best.to}", best.how))
    return found[:_MOST]
