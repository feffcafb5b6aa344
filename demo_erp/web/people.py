"""Branches, users and what they did."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from demo_erp.dependencies import CallerDependency, SessionDependency
from demo_erp.services import activity, branches, users
from demo_erp.web import forms
from demo_erp.web.names import names_of
from demo_erp.web.rendering import PAGES

router = APIRouter()
PAGE_SIZE = 50
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
RECORD_PATHS = {"sale": "/sales/{}", "production_order": "/production/orders/{}", "issue": "/issues/{}"}


@router.get("/branches")
def show_branches(request: Request, session: SessionDependency, caller: CallerDependency) -> Response:
    local = caller.now.astimezone(caller.timezone)
    clock = f"{local:%H:%M}"
    hours = {
        branch_id: {day.weekday: day for day in days}
        for branch_id, days in branches.opening_hours(session, caller).items()
    }
    today = {branch_id: days.get(local.weekday()) for branch_id, days in hours.items()}
    return PAGES.page(
        request,
        caller,
        "branches.html",
        branches=branches.listing(session, caller),
        hours=hours,
        weekdays=list(enumerate(WEEKDAYS)),
        today=local.weekday(),
        open_now={branch_id for branch_id, day in today.items() if day and day.opens <= clock < day.closes},
    )


@router.get("/users")
def show_users(request: Request, session: SessionDependency, caller: CallerDependency) -> Response:
    query = request.query_params.get("q", "").strip()[:80]
    found = users.listing(session, caller, query, limit=500)
    return PAGES.page(request, caller, "users.html", users=found.items, filters={"q": query})


@router.post("/users/{user_id}/unlock")
def unlock(session: SessionDependency, caller: CallerDependency, user_id: int) -> Response:
    users.unlock(session, caller, user_id)
    return RedirectResponse("/users?done=unlocked", status_code=303)


@router.post("/users/{user_id}/disable")
def disable(session: SessionDependency, caller: CallerDependency, user_id: int) -> Response:
    users.set_active(session, caller, user_id, False)
    return RedirectResponse("/users?done=disabled", status_code=303)


@router.post("/users/{user_id}/enable")
def enable(session: SessionDependency, caller: CallerDependency, user_id: int) -> Response:
    users.set_active(session, caller, user_id, True)
    return RedirectResponse("/users?done=enabled", status_code=303)


@router.get("/activity")
def show_activity(request: Request, session: SessionDependency, caller: CallerDependency) -> Response:
    user = request.query_params.get("user", "")
    user_id = int(user) if user.isascii() and user.isdigit() and len(user) < 10 else None
    offset = forms.position(request.query_params.get("offset"))
    page = activity.listing(session, caller, user_id=user_id, limit=PAGE_SIZE, offset=offset)
    everybody = sorted(users.listing(session, caller, limit=500).items, key=lambda user: user.full_name)
    return PAGES.page(
        request,
        caller,
        "activity.html",
        page=page,
        filters={"user": str(user_id or "")},
        user_options=[(user.id, f"{user.full_name} ({user.username})") for user in everybody],
        people=names_of(session, (entry.user_id for entry in page.items)),
        record_path=_record_path,
    )


def _record_path(entity: str, entity_id: int | None) -> str:
    """Where a record can be looked at; "" when it has no page of its own."""
    return RECORD_PATHS[entity].format(entity_id) if entity in RECORD_PATHS and entity_id else ""
