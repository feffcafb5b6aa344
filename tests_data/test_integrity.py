"""Is the data sound, whatever the schema?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.expect import expect_none
from hypercare.outcome.found import Found
from hypercare.outcome.level import Level

if TYPE_CHECKING:
    from hypercare.integrity import Integrity


@pytest.mark.item("data.corruption", "focus.integrity")
def test_engine_reports_no_corruption(integrity: Integrity) -> None:
    expect_none(
        integrity.damaged(),
        lambda found: f"The database engine reports damage in {found.count} place(s).",
        next_step="Stop writing, keep a copy of the database as it is, and restore the newest good backup beside it.",
        cause="database-damaged",
    )


@pytest.mark.item("data.constraints")
def test_engine_enforces_what_is_declared(integrity: Integrity) -> None:
    expect_none(
        integrity.not_enforced(),
        lambda found: f"{found.count} rule(s) that the database declares are not enforced by it.",
        next_step="Switch each on again and validate it; then look for rows that slipped in.",
    )


@pytest.mark.item("data.constraints")
def test_no_declared_rule_was_lost(integrity: Integrity) -> None:
    lost = integrity.no_longer_declared()
    expect_none(
        lost,
        lambda found: (
            f"{found.count} rule(s) that the database declared before are not declared any more{first_of(lost)}"
        ),
        next_step="Declare each again, after a look for rows that slipped in; if a release dropped it on purpose, "
        "name the rule in [mapping.agreed] given_up.",
    )


@pytest.mark.item("data.constraints")
def test_the_next_key_is_free(integrity: Integrity) -> None:
    taken = integrity.numbers_taken()
    expect_none(
        taken,
        lambda found: (
            f"{found.count} table(s) can take no new record: the key that comes next is taken{first_of(taken)}"
        ),
        next_step="Set the sequence beyond the highest key (setval), and find out what brought its own keys along.",
    )


@pytest.mark.item("data.constraints", "focus.integrity")
def test_rows_hold_declared_rules(integrity: Integrity) -> None:
    broken = integrity.against_declared_rules()
    expect_none(
        broken,
        lambda found: f"{found.count} record(s) break a rule that the database declares{first_of(broken)}",
        next_step="Find out which programme wrote past the rule, then correct the records.",
    )


@pytest.mark.item("data.constraints", "focus.integrity")
def test_rows_hold_agreed_rules(integrity: Integrity) -> None:
    broken = integrity.against_agreed_rules()
    expect_none(
        broken,
        lambda found: f"{found.count} record(s) break a rule that everybody relies on{first_of(broken)}",
        next_step="Correct the records, and find out how they came to be.",
    )


@pytest.mark.item("data.foreign-keys", "focus.integrity")
def test_declared_references_lead_somewhere(integrity: Integrity) -> None:
    broken = integrity.against_declared_references()
    expect_none(
        broken,
        lambda found: f"{found.count} record(s) point to something that is not there{first_of(broken)}",
        next_step="Find out what was deleted, and bring it back or correct the records.",
    )


@pytest.mark.item("data.foreign-keys", "focus.integrity")
def test_agreed_references_lead_somewhere(integrity: Integrity) -> None:
    broken = integrity.against_agreed_references()
    expect_none(
        broken,
        lambda found: f"{found.count} record(s) point to something that is not there{first_of(broken)}",
        next_step="Find out what was deleted, and bring it back or correct the records.",
    )


@pytest.mark.item("data.foreign-keys", "focus.integrity")
def test_no_part_has_lost_its_whole(integrity: Integrity) -> None:
    broken = integrity.parts_without_their_whole()
    expect_none(
        broken,
        lambda found: f"{found.count} record(s) are part of something that is not there{first_of(broken)}",
        next_step="Find out what was deleted, and bring it back or correct the records.",
        level=Level.L2,
    )


def first_of(broken: Found) -> str:
    """The table and the rule that the sentence ends with; more of them stand in the sample."""
    if not broken.sample:
        return ""
    table, rule = broken.sample[0]["table"], broken.sample[0]["rule"]
    return f": {rule if str(rule).startswith((f'{table}.', f'{table},')) else f'{table}, {rule}'}."
