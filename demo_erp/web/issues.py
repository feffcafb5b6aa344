"""Issue reports: reported by anybody, answered and resolved by administrators and managers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from demo_erp.access import Caller
from demo_erp.dependencies import CallerDependency, SessionDependency
from demo_erp.errors import ErpError, Invalid, NotFound
from demo_erp.schema import ISSUE_CATEGORIES, ISSUE_SEVERITIES, ISSUE_STATES
from demo_erp.services import issues
from demo_erp.web import forms
from demo_erp.web.forms import FormDependency, text
from demo_erp.web.names import names_of
from demo_erp.web.rendering import PAGES
from demo_erp.web.words import choices

router = APIRouter(prefix="/issues")
PAGE_SIZE = 25


@dataclass(frozen=True)
class IssueEntry:
    """An issue as it was typed."""

    title: str = ""
    text: str = ""
    category: str = ""
    severity: str = "normal"


@router.get("")
def show_list(request: Request, session: SessionDependency, caller: CallerDependency) -> Response:
    return _list_page(request, session, caller)


@router.post("")
def report(request: Request, session: SessionDependency, caller: CallerDependency, form: FormDependency) -> Response:
    entry = IssueEntry(text(form, "title"), text(form, "text"), text(form, "category"), text(form, "severity"))
    try:
        issue = issues.report(
            session,
            caller,
            title=entry.title,
            text=entry.text,
            category=entry.category or None,
            severity=entry.severity or "normal",
        )
    except ErpError as problem:
        session.rollback()
        return _list_page(request, session, caller, problem, entry)
    return RedirectResponse(f"/issues/{issue.id}?done=reported", status_code=303)


@router.get("/{issue_id}")
def show(request: Request, session: SessionDependency, caller: CallerDependency, issue_id: int) -> Response:
    return _issue_page(request, session, caller, issue_id)


@router.post("/{issue_id}/respond")
def respond(
    request: Request, session: SessionDependency, caller: CallerDependency, issue_id: int, form: FormDependency
) -> Response:
    category, severity = text(form, "category"), text(form, "severity") or None

    def change() -> None:
        if issues.get(session, caller, issue_id).state == "new":
            issues.respond(session, caller, issue_id, category=category or None, severity=severity)
        elif category:
            issues.classify(session, caller, issue_id, category=category, severity=severity)
        else:
            raise Invalid("please choose a category")

    return _changed(request, session, caller, issue_id, change, "responded")


@router.post("/{issue_id}/resolve")
def resolve(
    request: Request, session: SessionDependency, caller: CallerDependency, issue_id: int, form: FormDependency
) -> Response:
    def change() -> None:
        issues.resolve(session, caller, issue_id, text(form, "resolution"))

    return _changed(request, session, caller, issue_id, change, "resolved")


def _changed(
    request: Request, session: Session, caller: Caller, issue_id: int, change: Callable[[], None], done: str
) -> Response:
    try:
        change()
    except NotFound:
        raise
    except ErpError as problem:
        session.rollback()
        return _issue_page(request, session, caller, issue_id, problem)
    return RedirectResponse(f"/issues/{issue_id}?done={done}", status_code=303)


def _list_page(
    request: Request,
    session: Session,
    caller: Caller,
    problem: ErpError | None = None,
    entry: IssueEntry | None = None,
) -> Response:
    state = request.query_params.get("state", "")
    state = state if state in ISSUE_STATES else ""
    offset = forms.position(request.query_params.get("offset"))
    page = issues.listing(session, caller, state=state or None, limit=PAGE_SIZE, offset=offset)
    return PAGES.page(
        request,
        caller,
        "issues.html",
        status=problem.status if problem else 200,
        problem=problem.message if problem else "",
        page=page,
        filters={"state": state},
        people=names_of(session, (issue.reported_by for issue in page.items)),
        state_options=choices(ISSUE_STATES),
        category_options=choices(ISSUE_CATEGORIES),
        severity_options=choices(ISSUE_SEVERITIES),
        issue_form=entry or IssueEntry(),
    )


def _issue_page(
    request: Request, session: Session, caller: Caller, issue_id: int, problem: ErpError | None = None
) -> Response:
    issue = issues.get(session, caller, issue_id)
    return PAGES.page(
        request,
        caller,
        "issue.html",
        status=problem.status if problem else 200,
        problem=problem.message if problem else "",
        issue=issue,
        people=names_of(session, (issue.reported_by, issue.responded_by)),
        category_options=choices(ISSUE_CATEGORIES),
        severity_options=choices(ISSUE_SEVERITIES),
    )
