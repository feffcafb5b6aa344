"""What a target does not keep is not asked for, and what can be told without it is told all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.operations import plain_schema
from tests.operations.checking import Asked
from tests.operations.facts import TODAY

YESTERDAY = TODAY - timedelta(days=1)


@pytest.mark.parametrize("whose", ["of any record", "itself"])
def test_without_branches_it_is_not_said_that_every_record_has_one(whose: str, asked: Asked) -> None:
    mapping = plain_schema.mapping()
    if whose == "itself":
        del mapping["branch"]
    else:
        for entity in mapping.values():
            if isinstance(entity, dict):
                entity["columns"].pop("branch", None)
    ended = asked("branches.every_record_has_one_branch", mapping=mapping)
    assert (ended.outcome, ended.reason) == (
        "not covered",
        "branches, or the branch of any entity, are not mapped",
    )


@pytest.mark.parametrize("entity", ["sale", "customer", "issue", "cost"])
def test_a_date_that_is_not_mapped_is_not_asked_for(entity: str, asked: Asked) -> None:
    mapping = plain_schema.mapping()
    columns = mapping[entity]["columns"]
    mapping[entity]["columns"] = {
        field: column for field, column in columns.items() if field not in {"created_at", "reported_at", "entered_at"}
    }
    assert asked("dates.no_record_is_older_than_any_can_be", mapping=mapping).outcome == "passed"


def test_a_discount_in_money_is_taken_off_the_price(asked: Asked) -> None:
    mapping = plain_schema.mapping()
    columns = mapping["sale_line"]["columns"]
    del columns["discount_percent"]
    columns["discount"] = "(quantity_ * unit_price_ * discount_percent_ / 100.0)"
    check = "sales.lines_are_quantity_times_price"
    assert asked(check, mapping=mapping).outcome == "passed"
    assert asked(check, "UPDATE sale_line_rows SET amount_ = amount_ + 1 WHERE id_ = 1", mapping=mapping).outcome == (
        "failed"
    )


def test_where_the_ids_of_people_are_not_mapped_the_canarys_are_not_asked_for(asked: Asked) -> None:
    mapping = plain_schema.mapping()
    del mapping["user"]["columns"]["id"]
    assert asked("sales.states_are_known", mapping=mapping).outcome == "passed"


@pytest.mark.parametrize(
    ("check", "without"),
    [
        pytest.param("branches.branches_add_up_to_the_whole", "branch.live", id="when a branch was closed"),
        pytest.param("branches.branches_add_up_to_the_whole", "sale.created_at", id="when a sale was entered"),
        pytest.param("stuck.no_order_lies_about", "sale.id", id="which sale is a trial"),
        pytest.param("stuck.no_job_failed", "job.finished_at", id="when a job ended"),
        pytest.param("stuck.no_job_is_left_waiting", "job.due_at", id="when a job was due"),
        pytest.param("stuck.states_of_jobs_are_known", "job.queued_at", id="when a job was queued"),
    ],
)
def test_it_is_answered_all_the_same_without_knowing(check: str, without: str, asked: Asked) -> None:
    mapping = plain_schema.mapping()
    entity, _, field = without.partition(".")
    del mapping[entity]["columns"][field]
    assert asked(check, mapping=mapping).outcome == "passed"


@pytest.mark.parametrize(
    ("without", "word"),
    [(["code"], "South"), (["name"], "S"), (["code", "name"], "2")],
)
def test_a_branch_is_called_by_what_is_known_of_it(without: list[str], word: str, asked: Asked) -> None:
    mapping = plain_schema.mapping()
    for field in without:
        del mapping["branch"]["columns"][field]
    finding = asked(
        "issues.issues_are_classed",
        "UPDATE issue_rows SET category_ = NULL, branch_ = 2 WHERE state_ = 'acknowledged'",
        mapping=mapping,
    ).finding
    assert finding is not None
    assert finding.branches == (word,)


def test_a_job_that_is_due_at_midnight_was_due_since_go_live(asked: Asked) -> None:
    """On the first day nothing was due yet; on the second what had to be done since the very first minute."""
    mapping = plain_schema.mapping()
    mapping["expected_jobs"] = [{"kind": "closing", "by": "00:00"}]
    ended = [asked("stuck.daily_jobs_were_done", mapping=mapping, go_live=day).outcome for day in (TODAY, YESTERDAY)]
    assert ended == ["not covered", "passed"]


def test_where_people_are_not_mapped_guessing_is_told_by_a_number_alone(asked: Asked) -> None:
    mapping = plain_schema.mapping()
    del mapping["user"]
    assert asked("users.nobody_tries_one_name_after_another", mapping=mapping).outcome == "passed"
