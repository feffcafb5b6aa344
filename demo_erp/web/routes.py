"""All pages of the web application under one router."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from demo_erp.dependencies import channel_of
from demo_erp.mobile.rendering import MOBILE_PAGES
from demo_erp.web import costs, entry, home, issues, people, production, sale, sales
from demo_erp.web.failures import failure_page
from demo_erp.web.rendering import PAGES

router = APIRouter(include_in_schema=False)
router.include_router(entry.entry_routes(PAGES))
for part in (home, sales, sale, production, costs, people, issues):
    router.include_router(part.router)


@router.get("/favicon.ico")
def favicon() -> FileResponse:
    """Browsers ask for it by this name even where a page names another."""
    return FileResponse(PAGES.folder / "static" / "icon.svg", media_type="image/svg+xml")


def error_page(request: Request, status: int, message: str, trace_id: str) -> Response:
    """The page for a failed request, in the look of the part of the program that was asked."""
    pages = MOBILE_PAGES if channel_of(request.url.path) == "mobile" else PAGES
    return failure_page(request, pages, status, message, trace_id)
