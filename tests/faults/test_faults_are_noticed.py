"""A fault for each item is noticed by the right items, at the right level. `make prove` does so with all of them.

One of each place is put in alone, most others in a few heaps, which takes a tenth of the time and still shows for each
item that it notices, and that nobody else cries wolf; each of them alone, and what no heap can hold, is left to `make
prove`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from pathlib import Path

import pytest

from faultlab.catalogue import CATALOGUE
from faultlab.fault import Fault
from faultlab.proving.one import prove as prove_one
from faultlab.proving.pair import pair_of
from faultlab.proving.part import part_of
from faultlab.proving.prepared_day import PreparedDay
from hypercare.outcome.level import Level

PART = part_of(CATALOGUE)
QUIET = [fault for fault in PART if not fault.noticed_by]
# What takes away the database or the day that the others are seen in is put in alone.
TAKES_AWAY = {"database-overwritten", "database-cut-in-half", "database-of-last-night", "no-room-for-the-next-backup"}
ONE_OF_EACH_PLACE = {next(one.id for one in PART if one.where is where) for where in {one.where for one in PART}}
# So is what leaves too little of people, a branch or a log for others to be told from, or changes the same record.
TAKES_AWAY |= {"log-ins-not-recorded", "branch-on-paper-all-day", "branch-works-under-one-account"}
TAKES_AWAY |= {"steps-updated-by-nobody", "issue-with-grave-words", "issue-reported-tomorrow"}
TAKES_AWAY |= {"logged-in-without-working"}
TAKES_AWAY |= {"log-gone", "database-log-gone", "requests-written-elsewhere", "critical-line-as-text"}
ALONE = ONE_OF_EACH_PLACE | TAKES_AWAY | {fault.id for fault in PART if fault.at != PART[0].at or fault.seen_before}
RECORDS = ("database", "users")
HEAPS = {
    "records": [one for one in PART if one.noticed_by and one.id not in ALONE and one.where.value in RECORDS],
    "the rest": [one for one in PART if one.noticed_by and one.id not in ALONE and one.where.value not in RECORDS],
    "what nobody may notice": [one for one in QUIET if one.id not in ALONE],
}


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "fault",
    [pytest.param(one, marks=[] if one.id in ONE_OF_EACH_PLACE else pytest.mark.proof) for one in PART],
    ids=lambda fault: fault.id,
)
def test_fault_is_noticed(fault: Fault, prove: Callable[[Fault], None]) -> None:
    prove(fault)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("faults", HEAPS.values(), ids=HEAPS)
def test_faults_in_a_heap_are_all_noticed(faults: Sequence[Fault], day: PreparedDay, tmp_path: Path) -> None:
    proof = prove_one(reduce(pair_of, faults), faults, day, tmp_path)
    verdict = proof.verdict
    assert not proof.trouble
    # Many at once may be graver than each.
    too_low = {item for item, (due, seen) in verdict["wrong_level"].items() if Level(seen) < Level(due)}
    assert not (verdict["missed"] or verdict["false_alarms"] or verdict["stray"] or too_low), verdict["words"]


def test_the_part_has_a_fault_for_every_item_that_stored_faults_have() -> None:
    every = {item for fault in CATALOGUE if not fault.live for item in fault.noticed_by}
    assert {item for fault in PART for item in fault.noticed_by} == every
    assert sum(not fault.noticed_by for fault in PART) >= 5


def test_every_fault_of_the_part_is_put_in_alone_or_in_a_heap() -> None:
    assert ALONE | {fault.id for heap in HEAPS.values() for fault in heap} == {fault.id for fault in PART}
