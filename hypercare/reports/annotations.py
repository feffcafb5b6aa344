"""What people said of a day, laid over what its rounds saw."""

from __future__ import annotations

from hypercare.escalation.annotations import ActionTaken, Answer, DayAnnotations
from hypercare.outcome.outcome import Outcome
from hypercare.plan.item import Kind
from hypercare.reports.gathering import counts_of, coverage_of
from hypercare.reports.status import status_of
from hypercare.reports.summary import Action, ItemResult, Review, Summary


def with_annotations(summary: Summary, day_annotations: DayAnnotations) -> Summary:
    """The summary with the answers, actions and the sign-off of its day.

    A question that a person has answered holds; actions and sign-off stand as the history has them now.
    """
    items = [
        _answered(item, day_annotations.answers[item.id]) if item.id in day_annotations.answers else item
        for item in summary.items
    ]
    signed = day_annotations.sign_off
    return Summary.model_validate(
        {
            **dict(summary),
            "items": items,
            "status": status_of(items, summary.incidents),
            "counts": counts_of(items),
            "coverage": coverage_of(items),
            "actions": [_action(one) for one in day_annotations.actions],
            "review": Review(by=signed.by, at=signed.at, note=signed.note) if signed else summary.review,
        }
    )


def _action(one: ActionTaken) -> Action:
    incident = None if one.incident is None else str(one.incident)
    return Action(at=one.at, by=one.by, note=one.note, incident=incident)


def _answered(item: ItemResult, answer: Answer) -> ItemResult:
    if item.outcome is not Outcome.AWAITING and item.kind is not Kind.ATTEST:
        return item
    words = {"answer": answer.answer, "answered_by": answer.by}
    if item.outcome is Outcome.AWAITING:
        words["sentence"] = f"{answer.answer} ({answer.by})"
        return item.model_copy(update={**words, "outcome": Outcome.PASSED})
    return item.model_copy(update=words)
