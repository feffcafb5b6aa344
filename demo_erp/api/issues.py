"""Issue reports."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from demo_erp.api.directory import Limit, Offset
from demo_erp.api.fields import Answer, Entered, Instant, PageAnswer
from demo_erp.dependencies import CallerDependency, SessionDependency
from demo_erp.services import issues

router = APIRouter(prefix="/issues", tags=["issues"])


class IssueAnswer(Answer):
    id: int
    branch_id: int | None
    reported_by: int
    title: str
    text: str
    category: str | None
    severity: str
    state: str
    reported_at: Instant
    respond_by: Instant
    resolve_by: Instant
    responded_at: Instant | None
    responded_by: int | None
    resolved_at: Instant | None
    resolution: str


class NewIssue(Entered):
    title: str
    text: str = ""
    severity: str = "normal"
    category: str | None = None


class Classification(Entered):
    category: str
    severity: str | None = None


class Acknowledgement(Entered):
    category: str | None = None
    severity: str | None = None


class Resolution(Entered):
    resolution: str


@router.get("", response_model=PageAnswer[IssueAnswer])
def list_issues(
    session: SessionDependency,
    caller: CallerDependency,
    state: str | None = None,
    severity: str | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    return issues.listing(session, caller, state=state, severity=severity, limit=limit, offset=offset)


@router.post("", response_model=IssueAnswer, status_code=201)
def report(body: NewIssue, session: SessionDependency, caller: CallerDependency) -> Any:
    return issues.report(
        session,
        caller,
        title=body.title,
        text=body.text,
        severity=body.severity,
        category=body.category,
    )


@router.get("/{issue_id}", response_model=IssueAnswer)
def get_issue(issue_id: int, session: SessionDependency, caller: CallerDependency) -> Any:
    return issues.get(session, caller, issue_id)


@router.post("/{issue_id}/classify", response_model=IssueAnswer)
def classify(issue_id: int, body: Classification, session: SessionDependency, caller: CallerDependency) -> Any:
    return issues.classify(session, caller, issue_id, category=body.category, severity=body.severity)


@router.post("/{issue_id}/respond", response_model=IssueAnswer)
def respond(
    issue_id: int, session: SessionDependency, caller: CallerDependency, body: Acknowledgement | None = None
) -> Any:
    """Acknowledge it, classing it in the same go if a category is given."""
    body = body or Acknowledgement()
    return issues.respond(session, caller, issue_id, category=body.category, severity=body.severity)


@router.post("/{issue_id}/resolve", response_model=IssueAnswer)
def resolve(issue_id: int, body: Resolution, session: SessionDependency, caller: CallerDependency) -> Any:
    return issues.resolve(session, caller, issue_id, body.resolution)
