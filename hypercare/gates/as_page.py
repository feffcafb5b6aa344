"""A gate as a page. One file, no script, nothing from outside."""

from __future__ import annotations

from hypercare.gates.as_text import HEADLINE, met_words, proposal
from hypercare.gates.standing import JudgedGate, Standing
from hypercare.reports.page import environment, page_assets

_TONE = {Standing.MET: "good", Standing.NOT_MET: "bad", Standing.UNKNOWN: "unknown"}


def gate_page(gate: JudgedGate, target: str) -> str:
    """The whole page as text."""
    template = environment().get_template("gate.html.j2")
    return template.render(
        gate=gate,
        target=target,
        headline=HEADLINE[gate.standing],
        tone=_TONE,
        met_words=met_words,
        proposal=proposal(gate),
        **page_assets(),
    )
