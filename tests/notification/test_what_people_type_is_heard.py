"""Whoever takes an incident, or says that it is over, is heard by the others at once; a dead receiver loses nothing."""

import json

import pytest
from click.testing import CliRunner

from hypercare.cli import hypercare
from hypercare.escalation.incidents import Incidents
from hypercare.escalation.troubles import Trouble
from hypercare.history.opening import open_history
from hypercare.outcome.level import Level
from hypercare.target_file.loading import load_target
from hypercare.target_file.target import clock_of

pytestmark = pytest.mark.server

HEAD = '[target]\nname = "Corner Shop"\n[business]\ntimezone = "Europe/Berlin"\ngo_live = 2026-01-08\n'


@pytest.fixture
def desk(tmp_path):
    """Types a command about the one incident that is open."""
    file = tmp_path / "shop.toml"

    def types(url, *arguments):
        file.write_text(f'{HEAD}[[notify]]\nname = "hook"\nurl = "{url}"\nform = "data"\n', encoding="utf-8")
        config = load_target(file)
        incidents = Incidents(open_history(config, tmp_path), config)
        now = clock_of(config)
        if not incidents.open(now):
            incidents.note_round([Trouble("check:a.b", Level.L2, "It fails.", ("a.b",))], [], now)
        options = ["--by", "Mara", "--target", str(file), "--reports", str(tmp_path)]
        return CliRunner().invoke(hypercare, [*arguments, *options], standalone_mode=False)

    return types


@pytest.mark.parametrize(("command", "words"), [("ack", "Mara is on it"), ("resolve", "Over: It fails")])
def test_it_is_heard_at_once(desk, web, command, words):
    assert desk(web.url, command, "1").exit_code == 0
    assert [words in json.dumps(message) for message in web.messages()] == [True]


def test_a_note_is_for_those_who_look(desk, web):
    assert desk(web.url, "note", "1", "it is the cable").exit_code == 0
    assert web.messages() == []


def test_what_does_not_arrive_is_said_and_kept(desk, web):
    done = desk("http://127.0.0.1:1/", "ack", "1")
    assert done.exit_code == 0
    assert "Incident 1 is acknowledged by Mara." in done.output
    assert "hook could not be told yet" in done.output
