"""What is about to be created is known, whatever happens next."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from hypercare.outcome.signals import MonitorFault
from hypercare.trials.journal import Entry, Journal, open_entries

DIES_AFTER_SENDING = """
import os, sys
from pathlib import Path
from hypercare.trials.journal import Entry, Journal
journal = Journal(Path(sys.argv[1]))
journal.about_to_create(Entry("ref-1", "sale", "api", "now"))
journal.about_to_create(Entry("ref-2", "sale", "web", "now"))
journal.created("ref-2", key="17", number="HAR-1")
journal.about_to_create(Entry("ref-3", "sale", "web", "now"))
journal.undone("ref-3")
os._exit(9)
"""


def entry(reference: str) -> Entry:
    return Entry(reference, "sale", "api", datetime.now(UTC).isoformat())


@pytest.mark.server
def test_what_a_killed_session_announced_is_found(tmp_path):
    subprocess.run([sys.executable, "-c", DIES_AFTER_SENDING, str(tmp_path)], check=False)
    with Journal(tmp_path).orphaned_entries() as left:
        assert {(one.reference, one.key, one.number) for one in left} == {
            ("ref-1", None, None),
            ("ref-2", "17", "HAR-1"),
        }


@pytest.mark.long
@pytest.mark.server
def test_what_is_settled_is_forgotten_and_the_rest_is_kept(tmp_path):
    subprocess.run([sys.executable, "-c", DIES_AFTER_SENDING, str(tmp_path)], check=False)
    journal = Journal(tmp_path)
    with journal.orphaned_entries() as left:
        journal.settle(next(one for one in left if one.reference == "ref-1"))
    with journal.orphaned_entries() as left:
        assert [one.reference for one in left] == ["ref-2"]
        journal.settle(left[0])
    assert not list(tmp_path.glob("*.jsonl"))


def test_a_living_session_is_left_alone(tmp_path):
    living = Journal(tmp_path)
    living.about_to_create(entry("ref-1"))
    with Journal(tmp_path).orphaned_entries() as left:
        assert left == []
    assert [one.reference for one in living.open_now()] == ["ref-1"]


def test_a_session_that_undid_everything_leaves_no_file(tmp_path):
    journal = Journal(tmp_path)
    journal.about_to_create(entry("ref-1"))
    journal.undone("ref-1")
    journal.close()
    assert not list(tmp_path.glob("*.jsonl"))


@pytest.mark.parametrize("torn", [b'{"created": "ref-1", "k', b'{"undone": "ref', b"\xff\xfe", b"[]", b"7"])
def test_a_torn_line_is_passed_over(torn):
    content = b'\n{"about": "ref-1", "kind": "sale", "channel": "api", "at": "now"}\n' + torn
    assert [one.reference for one in open_entries(content)] == ["ref-1"]


def test_what_is_written_after_a_torn_line_counts(tmp_path):
    path = tmp_path / "dead.jsonl"
    path.write_bytes(b'\n{"about": "ref-1", "kind": "sale", "channel": "api", "at": "now"}\n{"crea')
    journal = Journal(tmp_path)
    with journal.orphaned_entries() as left:
        kept = Entry("ref-9", "sale", "api", "now")
        assert [one.reference for one in left] == ["ref-1"]
        journal.settle(left[0])
        journal.settle(kept)
    assert not path.exists()


def test_a_journal_that_cannot_be_written_is_our_own_fault(tmp_path):
    (tmp_path / "journal").write_text("a file where the folder should be")
    with pytest.raises(MonitorFault, match="nothing was sent"):
        Journal(tmp_path / "journal").about_to_create(entry("ref-1"))
