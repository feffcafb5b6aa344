"""A page on which nobody can see a step's state is no way to move one: not covered, and the doctor says so before."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from hypercare.browser.page import PageSession
from hypercare.clients.flow_client import FlowClient
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Channel
from hypercare.target_file.sections.flow import FlowSection

MOVES = {"start_step": [{"click": "Start"}], "finish_step": [{"click": "Finish"}]}
NUMBER = {"read": "number", "role": "heading"}
STEPS = {"read": "steps", "css": "section", "columns": {"name": "h2", "state": "span"}}


def client(**flows: Any) -> FlowClient:
    return FlowClient(cast(PageSession, SimpleNamespace()), FlowSection.model_validate({**MOVES, **flows}), Channel.WEB)


@pytest.mark.parametrize(
    ("flows", "says"),
    [
        ({}, "how a production order is read"),
        ({"read_order": [NUMBER]}, "how the steps of a production order are read"),
    ],
)
@pytest.mark.parametrize("verb", MOVES)
def test_without_steps_on_the_page_nothing_is_moved(verb: str, flows: dict[str, Any], says: str) -> None:
    for asked in (lambda one: one.require_declared(verb, "it is moved"), lambda one: one._moved(verb, "7", "1")):
        with pytest.raises(NotCovered, match=says) as told:
            asked(client(**flows))
        assert "read_order" in told.value.remedy


@pytest.mark.parametrize("verb", MOVES)
def test_with_them_it_is_declared(verb: str) -> None:
    client(read_order=[NUMBER, STEPS]).require_declared(verb, "it is moved")
