"""Today at one's own branch."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from demo_erp.dependencies import CallerDependency, SessionDependency
from demo_erp.mobile.rendering import MOBILE_PAGES
from demo_erp.mobile.steps import steps_of
from demo_erp.services import reports

router = APIRouter(prefix="/m")


@router.get("/")
def show(request: Request, session: SessionDependency, caller: CallerDependency) -> Response:
    found = reports.dashboard(session, caller)
    return MOBILE_PAGES.page(
        request,
        caller,
        "home.html",
        place=caller.user.branch.name if caller.user.branch else "all branches",
        found=found,
        steps=steps_of(session, caller) if caller.may("production.write") else None,
    )
