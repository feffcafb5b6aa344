"""What people report: errors, questions, wishes; answered and resolved in time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo_erp.access import Caller, require, require_branch, visible
from demo_erp.errors import Conflict, Invalid, NotFound
from demo_erp.schema import ISSUE_CATEGORIES, ISSUE_SEVERITIES, IssueReport
from demo_erp.services import activity
from demo_erp.services.page import Page, page_of

RESPOND_WITHIN = {
    "critical": timedelta(minutes=15),
    "high": timedelta(hours=1),
    "normal": timedelta(hours=4),
    "low": timedelta(days=1),
}
RESOLVE_WITHIN = {
    "critical": timedelta(hours=4),
    "high": timedelta(days=1),
    "normal": timedelta(days=3),
    "low": timedelta(days=7),
}


def report(
    session: Session,
    caller: Caller,
    *,
    title: str,
    text: str = "",
    severity: str = "normal",
    category: str | None = None,
) -> IssueReport:
    """Report an issue; when it is due for an answer and for a solution follows from its severity."""
    require(caller, "issues.report")
    if not 1 <= len(title.strip()) <= 160:
        raise Invalid("an issue's title has 1 to 160 characters")
    _check_class(category, severity)
    issue = IssueReport(
        branch_id=caller.user.branch_id,
        reported_by=caller.user.id,
        title=title.strip(),
        text=text.strip()[:10_000],
        category=category,
        severity=severity,
        state="new",
        reported_at=caller.now,
        respond_by=caller.now + RESPOND_WITHIN[severity],
        resolve_by=caller.now + RESOLVE_WITHIN[severity],
    )
    session.add(issue)
    session.flush()
    activity.record(session, caller, "issue.report", "issue", issue.id, issue.branch_id)
    return issue


def get(session: Session, caller: Caller, issue_id: int) -> IssueReport:
    """One report; raises NotFound for another branch's."""
    require(caller, "issues.read")
    issue = session.get(IssueReport, issue_id)
    if issue is None:
        raise NotFound("there is no such issue")
    require_branch(caller, issue.branch_id, "issue")
    return issue


def listing(
    session: Session,
    caller: Caller,
    *,
    state: str | None = None,
    severity: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> Page[IssueReport]:
    """Reports of the branches that the caller sees, newest first."""
    require(caller, "issues.read")
    query = select(IssueReport).where(visible(caller, IssueReport.branch_id))
    if state:
        query = query.where(IssueReport.state == state)
    if severity:
        query = query.where(IssueReport.severity == severity)
    newest_first = query.order_by(IssueReport.reported_at.desc(), IssueReport.id.desc())
    return page_of(session, newest_first, limit=limit, offset=offset)


def classify(
    session: Session, caller: Caller, issue_id: int, *, category: str, severity: str | None = None
) -> IssueReport:
    """Say what kind of issue it is; a new severity counts its times from the report."""
    issue = _answerable(session, caller, issue_id)
    severity = severity or issue.severity
    _check_class(category, severity)
    issue.category = category
    issue.severity = severity
    issue.respond_by = issue.reported_at + RESPOND_WITHIN[severity]
    issue.resolve_by = issue.reported_at + RESOLVE_WITHIN[severity]
    activity.record(session, caller, "issue.classify", "issue", issue.id, issue.branch_id)
    return issue


def respond(
    session: Session,
    caller: Caller,
    issue_id: int,
    *,
    category: str | None = None,
    severity: str | None = None,
) -> IssueReport:
    """Acknowledge a new issue, classing it in the same go if a category is given."""
    issue = _answerable(session, caller, issue_id)
    if issue.state != "new":
        raise Conflict(f"this issue is {issue.state} already")
    if category is not None:
        classify(session, caller, issue_id, category=category, severity=severity)
    issue.state = "acknowledged"
    issue.responded_at = caller.now
    issue.responded_by = caller.user.id
    activity.record(session, caller, "issue.respond", "issue", issue.id, issue.branch_id)
    session.flush()
    return issue


def resolve(session: Session, caller: Caller, issue_id: int, resolution: str) -> IssueReport:
    """Close an issue with what was done; one that nobody answered yet is answered by this."""
    issue = _answerable(session, caller, issue_id)
    if issue.state == "resolved":
        raise Conflict("this issue is resolved already")
    if not resolution.strip():
        raise Invalid("say what was done")
    if issue.responded_at is None:
        issue.responded_at, issue.responded_by = caller.now, caller.user.id
    issue.state = "resolved"
    issue.resolved_at = caller.now
    issue.resolution = resolution.strip()[:10_000]
    activity.record(session, caller, "issue.resolve", "issue", issue.id, issue.branch_id)
    session.flush()
    return issue


def _answerable(session: Session, caller: Caller, issue_id: int) -> IssueReport:
    require(caller, "issues.answer")
    session.execute(select(IssueReport.id).where(IssueReport.id == issue_id).with_for_update())
    return get(session, caller, issue_id)


def _check_class(category: str | None, severity: str) -> None:
    if category is not None and category not in ISSUE_CATEGORIES:
        raise Invalid(f"an issue's category is one of: {', '.join(ISSUE_CATEGORIES)}")
    if severity not in ISSUE_SEVERITIES:
        raise Invalid(f"an issue's severity is one of: {', '.join(ISSUE_SEVERITIES)}")
