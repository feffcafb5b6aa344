"""What only a person can say: each is asked on its days, and waits until somebody answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hypercare.fixtures import Ask


@pytest.mark.item("focus.admin-available")
def test_an_administrator_is_at_hand(ask: Ask) -> None:
    ask()


@pytest.mark.item("focus.support")
def test_people_in_trouble_were_supported(ask: Ask) -> None:
    ask()


@pytest.mark.item("focus.check-ins")
def test_people_were_checked_in_with(ask: Ask) -> None:
    ask()


@pytest.mark.item("focus.confidence")
def test_people_were_asked_how_confident_they_are(ask: Ask) -> None:
    ask()


@pytest.mark.item("focus.concerns")
def test_concerns_are_answered(ask: Ask) -> None:
    ask()


@pytest.mark.item("focus.optimisation")
def test_what_is_slow_has_a_decision(ask: Ask) -> None:
    ask()


@pytest.mark.item("focus.refinement")
def test_feedback_on_workflows_was_acted_on(ask: Ask) -> None:
    ask()


@pytest.mark.item("focus.documentation")
def test_documentation_agrees_with_what_was_changed(ask: Ask) -> None:
    ask()


@pytest.mark.item("focus.experience")
def test_improvements_are_recorded(ask: Ask) -> None:
    ask()


@pytest.mark.item("focus.long-term")
def test_a_plan_for_normal_operations_stands(ask: Ask) -> None:
    ask()
