"""All pages of the web application under one router."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import FileResponse

from demo_erp.web import costs, entry, home, issues, people, production, sale, sales
from demo_erp.web.rendering import PAGES

router = APIRouter(include_in_schema=False)
router.include_router(entry.entry_routes(PAGES))
for part in (home, sales, sale, production, costs, people, issues):
    router.include_router(part.router)


@router.get("/favicon.ico")
def favicon() -> FileResponse:
    """Browsers ask for it by this name even where a page names another."""
    return FileResponse(PAGES.folder / "static" / "icon.svg", media_type="image/svg+xml")
