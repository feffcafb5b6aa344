"""All pages of the mobile app under one router."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from demo_erp.mobile import home, install, sales, steps
from demo_erp.mobile.rendering import MOBILE_PAGES
from demo_erp.web.entry import entry_routes

router = APIRouter(include_in_schema=False)
router.include_router(entry_routes(MOBILE_PAGES, "/m"))
for part in (home, install, sales, steps):
    router.include_router(part.router)


@router.get("/m")
def without_slash() -> RedirectResponse:
    """The app lives under "/m/": its service worker sees nothing outside."""
    return RedirectResponse("/m/", status_code=308)
