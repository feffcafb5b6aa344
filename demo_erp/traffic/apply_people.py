"""What signing in and out, looking things up, and reports of issues leave in the database."""

from __future__ import annotations

from sqlalchemy import or_, update

from demo_erp.schema import User
from demo_erp.security import SESSION_LASTS
from demo_erp.services.issues import RESOLVE_WITHIN, RESPOND_WITHIN
from demo_erp.traffic.batch import Row
from demo_erp.traffic.events import Event, PlannedIssue, PlannedVisit
from demo_erp.traffic.presence import LOOKS
from demo_erp.traffic.work import Handler, Work

_ENTITY = {
    "report.view": "report",
    "sale.view": "sale",
    "activity.view": "activity",
    "job.view": "job",
    "user.view": "user",
    "issue.view": "issue",
    "board.view": "production_order",
    "order.view": "production_order",
    "customer.view": "customer",
    "search": "search",
}


def _wrong_password(work: Work, event: Event) -> None:
    _attempt(work, event, "wrong_password")
    failed = update(User).where(User.id == work.user(event)).values(failed_logins=User.failed_logins + 1)
    work.batch.connection.execute(failed)


def _log_in(work: Work, event: Event) -> None:
    visit: PlannedVisit = event.subject
    _attempt(work, event, "")
    dirty = or_(User.failed_logins != 0, User.locked_until.is_not(None))
    cleared = update(User).where(User.id == work.user(event), dirty).values(failed_logins=0, locked_until=None)
    work.batch.connection.execute(cleared)
    session = work.batch.add(
        "sessions",
        token_hash=visit.mark,
        user_id=work.user(event),
        channel=event.channel,
        address=visit.person.address(event.channel),
        created_at=event.at,
        expires_at=event.at + SESSION_LASTS,
        revoked_at=None,
    )
    work.visits[visit.mark] = session
    work.activity(event, "session", session.id)


def _log_out(work: Work, event: Event) -> None:
    visit: PlannedVisit = event.subject
    session = work.visits.get(visit.mark) or work.records.one("sessions", token_hash=visit.mark)
    if session is not None and session["revoked_at"] is None:
        work.batch.change(session, revoked_at=event.at)
        work.activity(event, "session", session.id)


def _attempt(work: Work, event: Event, reason: str) -> None:
    assert event.actor is not None
    work.batch.add(
        "login_attempts",
        username=event.actor.username,
        user_id=work.user(event),
        succeeded=not reason,
        reason=reason,
        channel=event.channel,
        address=event.actor.address(event.channel),
        at=event.at,
    )


def _look(work: Work, event: Event) -> None:
    work.activity(event, _ENTITY[event.kind], None)


def _report(work: Work, event: Event) -> None:
    issue: PlannedIssue = event.subject
    branch_id = work.directory.own_branch(issue.reporter)
    row = work.batch.add(
        "issue_reports",
        branch_id=branch_id,
        reported_by=work.user(event),
        title=issue.title,
        text=issue.text,
        category=None,
        severity=issue.severity,
        state="new",
        reported_at=event.at,
        respond_by=event.at + RESPOND_WITHIN[issue.severity],
        resolve_by=event.at + RESOLVE_WITHIN[issue.severity],
        responded_at=None,
        responded_by=None,
        resolved_at=None,
        resolution="",
    )
    work.issues[_key(issue)] = row
    work.activity(event, "issue", row.id, branch_id)


def _respond(work: Work, event: Event) -> None:
    issue: PlannedIssue = event.subject
    row = _issue(work, issue)
    if row is None or row["state"] != "new":
        return
    work.batch.change(
        row,
        category=issue.category,
        state="acknowledged",
        responded_at=event.at,
        responded_by=work.user(event),
    )
    work.activity(event, "issue", row.id, row["branch_id"], action="issue.classify")
    work.activity(event, "issue", row.id, row["branch_id"])


def _resolve(work: Work, event: Event) -> None:
    issue: PlannedIssue = event.subject
    row = _issue(work, issue)
    if row is None or row["state"] == "resolved":
        return
    if row["responded_at"] is None:
        work.batch.change(row, responded_at=event.at, responded_by=work.user(event))
    work.batch.change(row, state="resolved", resolved_at=event.at, resolution=issue.resolution)
    work.activity(event, "issue", row.id, row["branch_id"])


def _issue(work: Work, issue: PlannedIssue) -> Row | None:
    key = _key(issue)
    if key not in work.issues:
        reporter = work.directory.user(issue.reporter)
        found = work.records.one("issue_reports", reported_at=issue.reported_at, reported_by=reporter)
        if found is None:
            return None
        work.issues[key] = found
    return work.issues[key]


def _key(issue: PlannedIssue) -> tuple[str, str]:
    return issue.reporter.username, issue.reported_at.isoformat()


def _glance(work: Work, event: Event) -> None:
    """A page opened in passing: the access log has it, the database does not."""


HANDLERS: dict[str, Handler] = {
    "login.wrong": _wrong_password,
    "login": _log_in,
    "logout": _log_out,
    "issue.report": _report,
    "issue.respond": _respond,
    "issue.resolve": _resolve,
    "glance": _glance,
    **{kind: _look for kinds in LOOKS.values() for kind in kinds},
}
