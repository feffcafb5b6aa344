"""Beside an open incident a finding of another check is told, once; and an incident has all its sentences."""

from __future__ import annotations

from pathlib import Path

from hypercare.escalation.troubles import Trouble
from tests.escalation.incidents_of_a_shop import after, incidents_in, kinds_of, trouble

NEGATIVE, TWICE = "A cost is negative.", "A cost is twice there."


def costs(*sentences: str, cause: str = "check:verify.costs") -> Trouble:
    findings = {f"verify.costs t.py::{number}": sentence for number, sentence in enumerate(sentences) if sentence}
    return trouble(cause, items=("verify.costs",), findings=findings)


def test_what_another_check_finds_beside_it_is_told_once(tmp_path: Path) -> None:
    incidents = incidents_in(tmp_path)
    incidents.note_round([costs(NEGATIVE)], [], after())
    again = incidents.note_round([costs(NEGATIVE)], [], after(60))
    assert again.changes == ()
    (told,) = incidents.note_round([costs(NEGATIVE, TWICE)], [], after(120)).changes
    assert (told.kind.value, told.found, told.incident.findings) == ("found", TWICE, (NEGATIVE, TWICE))
    assert incidents.note_round([costs("2 costs are negative.", TWICE)], [], after(180)).changes == ()


def test_what_holds_again_is_no_sentence_of_it_any_more(tmp_path: Path) -> None:
    incidents = incidents_in(tmp_path)
    incidents.note_round([costs(NEGATIVE, TWICE)], [], after())
    incidents.note_round([costs("", TWICE)], [], after(60))
    (one,) = incidents.open(after(61))
    assert one.findings == ()


def test_what_comes_back_is_told_anew(tmp_path: Path) -> None:
    incidents = incidents_in(tmp_path)
    incidents.note_round([costs(NEGATIVE, TWICE)], [], after())
    incidents.note_round([], ["verify.costs"], after(60))
    assert kinds_of(incidents.note_round([costs(NEGATIVE)], [], after(120)).changes) == ["reopened"]
    assert kinds_of(incidents.note_round([costs(NEGATIVE, TWICE)], [], after(180)).changes) == ["found"]


def test_findings_that_name_one_cause_are_the_same_trouble_in_other_words(tmp_path: Path) -> None:
    incidents = incidents_in(tmp_path)
    incidents.note_round([costs(NEGATIVE, cause="swapped")], [], after())
    noted = incidents.note_round([costs(NEGATIVE, TWICE, cause="swapped")], [], after(60))
    assert noted.changes == ()
    assert noted.open[0].findings == (NEGATIVE, TWICE)
