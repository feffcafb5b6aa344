"""Do people use what they are to use, and who of them needs help?"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from hypercare.adoption.features import operations_described
from hypercare.adoption.funnel import production_stages, sales_left_as_drafts, steps_where_work_piles_up
from hypercare.adoption.groups import adoption_of_today
from hypercare.adoption.struggling import people_in_trouble, people_refused_often
from hypercare.adoption.workflow_use import not_using_their_workflows
from hypercare.error_history.training import mistakes_of_several
from hypercare.outcome.expect import ask_about, expect_none
from hypercare.outcome.found import Found

if TYPE_CHECKING:
    from hypercare.adoption.attendance import Attendance
    from hypercare.adoption.features import Features
    from hypercare.api.api import Api
    from hypercare.error_history.error_history import ErrorHistory
    from hypercare.fixtures import Figure
    from hypercare.logs import Logs
    from hypercare.operations.production import Production
    from hypercare.operations.sales import Sales
    from hypercare.outcome.series import TellSeries
    from hypercare.plan.calendar import Period
    from hypercare.target_file.config import LimitsSection

Branches = frozenset[str] | None
HELP = "Go to them today: let them show you what they do, and do it once together."


@pytest.mark.item("focus.adoption", "resistance.not-using")
def test_every_branch_and_role_uses_the_system(
    attendance: Attendance, limits: LimitsSection, branches_in_focus: Branches, figure: Figure
) -> None:
    adoption = adoption_of_today(attendance, limits.active_after, branches_in_focus)
    for kind in ("branch", "role"):
        if percents := adoption.percents(kind):
            figure(f"adoption_by_{kind}", percents)
    expect_none(
        adoption.left_behind(),
        lambda found: (
            f"In {found.count} of {found.of} branches, roles and roles of a branch, few or none of those at work "
            "use the system today."
        ),
        next_step="Ask who leads them what keeps them from it, and be there when they begin tomorrow.",
    )


@pytest.mark.item("focus.users-in-trouble")
def test_nobody_struggles_with_the_records(attendance: Attendance, today: Period, branches_in_focus: Branches) -> None:
    expect_none(
        people_in_trouble(attendance, today, branches_in_focus),
        lambda found: f"{found.count} of {found.of} people have more trouble than the others with what they do today.",
        next_step=HELP,
    )


@pytest.mark.item("focus.users-in-trouble")
def test_nobody_is_refused_again_and_again(
    attendance: Attendance, logs: Logs, today: Period, limits: LimitsSection, branches_in_focus: Branches
) -> None:
    refused = logs.use(today, "refused").refused_by_person()
    expect_none(
        people_refused_often(attendance, refused, limits.refusals, branches_in_focus),
        lambda found: f"{found.count} of {found.of} people were refused what they tried again and again today.",
        next_step=HELP,
    )


@pytest.mark.item("focus.training")
def test_nothing_is_refused_to_everybody(logs: Logs, today: Period) -> None:
    needs = logs.use(today, "training").needs()
    expect_none(
        Found.of_rows((one.row() for one in needs), where="access log"),
        lambda found: (
            f"{found.count} thing(s) that people do were refused to several of them, a quarter of the time or more."
        ),
        next_step="Show the people below how it goes, or change the form so that it says so itself; "
        "then ask them whether that was it.",
    )


@pytest.mark.item("focus.training")
def test_no_mistake_keeps_coming_from_several_people(logs: Logs, error_history: ErrorHistory, today: Period) -> None:
    errors = logs.errors(today)
    error_history.tell(errors)
    needs = mistakes_of_several(errors)
    expect_none(
        needs,
        lambda found: (
            f"{found.count} of {found.of} kinds of mistakes are made again and again by several people today. "
            f"What would end the most frequent one: {needs.sample[0]['training']}."
        ),
        next_step="Show it to those who make it; a rule in [[log_rules]] may name the training by its own name.",
    )
    errors.require_understood()


@pytest.mark.item("focus.workflows-used")
def test_people_use_the_workflows_that_are_for_them(attendance: Attendance, branches_in_focus: Branches) -> None:
    unused = not_using_their_workflows(attendance, branches_in_focus)
    expect_none(
        unused,
        lambda found: (
            f"{found.count} time(s), somebody of {found.of} people at work has not once done in a week "
            "what most of the same role do."
        ),
        next_step="Ask them who does it in their place, and show them how.",
    )


@pytest.mark.item("focus.unused-features")
def test_nothing_falls_out_of_use(features: Features) -> None:
    expect_none(
        features.no_longer_used(),
        lambda found: (
            f"{found.count} of {found.of} things that people did in the system every day have not been done today."
        ),
        next_step="Ask who did them until yesterday: is it in the way, or done on paper again?",
    )


@pytest.mark.item("focus.unused-features")
def test_what_the_system_offers_is_used(features: Features, api: Api, figure: Figure) -> None:
    offered = operations_described(api.description(), urlsplit(api.section.url).path)
    unused = features.never_used(offered)
    figure("features_unused", unused.found.count)
    ask_about(
        unused.new,
        lambda found: (
            f"{found.count} of {found.of} things that the API offers have been used by nobody in the last days. "
            "Are they to be?"
        ),
    )


@pytest.mark.item("focus.workflow-gaps")
def test_orders_go_on_at_every_step(production: Production, series: TellSeries) -> None:
    stages = production_stages(production.model)
    series("orders_by_step", stages.as_series())
    expect_none(
        steps_where_work_piles_up(production.model, stages),
        lambda found: f"At {found.count} of {found.of} production steps, most of what arrived in the last week stays.",
        next_step="Go and see what it waits for there: a person, material, or a step that nobody knows how to enter.",
    )


@pytest.mark.item("focus.workflow-gaps")
def test_sales_do_not_stop_as_drafts(sales: Sales) -> None:
    ask_about(
        sales_left_as_drafts(sales.model),
        lambda found: (
            f"{found.count} of {found.of} sales of the last week stopped as drafts. Are these quotations or carts, or "
            "do people not get to the end of a sale?"
        ),
    )
