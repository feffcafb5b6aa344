"""A long proof that is broken off can go on where it was."""

from __future__ import annotations

from pathlib import Path

from faultlab.catalogue import fault_named
from faultlab.proving.proof import Proof
from faultlab.proving.proofs_file import ProofsFile, right_ones_in
from faultlab.proving.proving import Request

RIGHT = Proof("job-failed", "records", {"right": True, "words": "as it should be"})
MISSED = Proof("job-hangs", "records", {"right": False, "words": "ops.workflows did not notice"})
BROKEN = Proof("job-left-waiting", "records", trouble="no end within 420 seconds")


def test_only_what_was_right_counts_the_next_time(tmp_path: Path) -> None:
    with ProofsFile(tmp_path) as proofs:
        for proof in (RIGHT, MISSED, BROKEN):
            proofs.add(proof)
    assert right_ones_in(tmp_path) == {"job-failed": RIGHT}


def test_each_proof_is_there_before_the_run_ends(tmp_path: Path) -> None:
    with ProofsFile(tmp_path) as proofs:
        proofs.add(RIGHT)
        assert right_ones_in(tmp_path) == {"job-failed": RIGHT}


def test_what_was_known_is_kept_and_half_a_line_is_not(tmp_path: Path) -> None:
    with ProofsFile(tmp_path, [RIGHT]):
        pass
    with (tmp_path / "proofs.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"fault": "job-han')
    assert list(right_ones_in(tmp_path)) == ["job-failed"]


def test_nothing_is_known_where_nothing_was_proven(tmp_path: Path) -> None:
    assert right_ones_in(tmp_path / "never") == {}


def test_what_comes_in_by_the_clients_is_proven_first_and_what_is_known_not_again() -> None:
    stored, behind_clients, other = map(fault_named, ("job-failed", "api-list-is-empty", "job-hangs"))
    request = Request([stored, behind_clients, other], [(stored, other)], earlier={"job-failed": RIGHT})
    assert request.due == [("api-list-is-empty",), ("job-hangs",), ("job-failed", "job-hangs")]
