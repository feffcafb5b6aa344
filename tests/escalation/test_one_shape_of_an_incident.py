"""An incident is one thing for escalation, for whoever hears of it, and for those who read the summary."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from hypercare.escalation.changes import Draft
from hypercare.escalation.events import EventKind
from hypercare.escalation.incident import Incident
from hypercare.outcome.level import Level
from tests.escalation.incidents_of_a_shop import after, incidents_in, trouble


def late_and_answered(folder: Path) -> Incident:
    incidents = incidents_in(folder)
    (one,), _, _ = incidents.note_round([trouble(level=Level.L1)], [], after())
    incidents.overdue(after(20))
    incidents.acknowledge(one.id, "Mara", "looking", after(25))
    return incidents.one(one.id, after(30))


def test_what_is_read_again_is_what_was_written(tmp_path: Path) -> None:
    one = late_and_answered(tmp_path)
    assert Incident.model_validate_json(one.model_dump_json()) == one
    assert [event.kind for event in one.story] == ["opened", "late", "raised", "acknowledged"]


def test_its_readers_see_its_fields_and_nothing_that_only_escalation_has_to_know(tmp_path: Path) -> None:
    one = late_and_answered(tmp_path)
    written = json.loads(one.model_dump_json())
    assert set(written) == set(Incident.model_fields)
    assert (written["id"], written["acknowledged_by"], written["respond_within_s"]) == (str(one.id), "Mara", 900)
    assert set(written["story"][0]) == {"at", "kind", "level", "by", "note", "words"}


def test_its_state_has_no_field_that_nobody_declared() -> None:
    draft = Draft(None, after())
    draft.add(EventKind.OPENED, Level.L1, note="It is down.", cause="check:a.b", items=["a.b"], failing=["a.b"])
    with pytest.raises(ValidationError):
        type(draft.state).model_validate({**dict(draft.state), "begun_at": after()})
