"""What a check tells Allure about itself. Does nothing where no Allure results are asked for."""

from __future__ import annotations

import pytest

from hypercare.outcome.evidence import Attachment
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.suite.selection import items_of
from hypercare.suite.session import SuiteSession


def wants_allure(config: pytest.Config) -> bool:
    return bool(config.getoption("allure_report_dir", None))


def label_check(test: pytest.Item, session: SuiteSession) -> None:
    """Name, place in the tree, severity and runbook, known before the check runs."""
    import allure

    items = [session.checklist[item] for item in items_of(test)]
    if not items:
        return
    first = items[0]
    allure.dynamic.parent_suite(first.section)
    allure.dynamic.suite(first.id)
    allure.dynamic.epic(first.section)
    allure.dynamic.feature(first.id)
    allure.dynamic.title(title_of(test))
    allure.dynamic.description("\n\n".join(item.words for item in items))
    allure.dynamic.severity(max(item.level for item in items).allure_severity)
    for item in items:
        allure.dynamic.label("item", item.id)
        allure.dynamic.link(item.runbook, name=f"Runbook: {item.id}")
    if session.round is not None:
        allure.dynamic.label("round", session.round)


def label_result(result: CheckResult, session: SuiteSession) -> None:
    """What is known only at the end: the level of escalation, who acts, and the suite's own outcome."""
    import allure

    allure.dynamic.label("outcome", result.outcome.value)
    if result.outcome in {Outcome.FAILED, Outcome.FLAKY}:
        allure.dynamic.label("escalation", result.level.value)
        allure.dynamic.label("owner", session.config.escalation[result.level].who)
        allure.dynamic.severity(result.level.allure_severity)
    if result.outcome is Outcome.FLAKY:
        allure.dynamic.tag("flaky")


def attach_to_allure(attachment: Attachment, session: SuiteSession) -> None:
    import allure

    body = attachment.body
    if isinstance(body, str):
        allure.attach(session.redactor.text(body), name=attachment.name, attachment_type=attachment.media_type)
    elif isinstance(body, bytes):
        allure.attach(body, name=attachment.name, attachment_type=attachment.media_type, extension=_ending(attachment))
    else:
        allure.attach.file(
            str(body), name=attachment.name, attachment_type=attachment.media_type, extension=body.suffix
        )


def title_of(test: pytest.Item) -> str:
    """The check's name as words: `test_total_equals_lines` is "Total equals lines"."""
    words = test.name.removeprefix("test_").replace("_", " ")
    return words[:1].upper() + words[1:]


def _ending(attachment: Attachment) -> str:
    return {"image/png": "png", "application/zip": "zip", "application/json": "json"}.get(attachment.media_type, "bin")
