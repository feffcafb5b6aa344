"""What makes the pages an app: the manifest, the service worker and the page that opens without a network."""

from __future__ import annotations

import hashlib
import json
from functools import cache

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from demo_erp.dependencies import StateDependency
from demo_erp.mobile.rendering import MOBILE_PAGES
from demo_erp.web.rendering import PAGES, shared

router = APIRouter(prefix="/m")
OFFLINE_PAGE = "/m/offline"
ICONS = (
    ("icon.svg", "any", "image/svg+xml", "any"),
    ("icon-192.png", "192x192", "image/png", "any"),
    ("icon-512.png", "512x512", "image/png", "any"),
    ("maskable-192.png", "192x192", "image/png", "maskable"),
    ("maskable-512.png", "512x512", "image/png", "maskable"),
)
SHELL = ("app.css", "js/app.js", "js/connection.js", "js/drafts.js", "js/outbox.js", "js/sale_form.js")
NAMED = ("app.css", "js/app.js", "css/tokens.css")  # by the pages, with their version; the others by each other
SHARED = ("css/tokens.css", "fonts/figtree.woff2")


@router.get("/manifest.webmanifest")
def manifest(state: StateDependency) -> Response:
    """Name, icons and colours for the home screen."""
    content = {
        "id": "/m/",
        "name": state.settings.name,
        "short_name": state.settings.name.split()[0],
        "description": "Sales and production steps on the phone",
        "lang": "en",
        "start_url": "/m/",
        "scope": "/m/",
        "display": "standalone",
        "theme_color": "#7d2e43",
        "background_color": "#f8f5f3",
        "icons": [
            {"src": f"/m/static/icons/{name}", "sizes": sizes, "type": kind, "purpose": purpose}
            for name, sizes, kind, purpose in ICONS
        ],
    }
    return JSONResponse(content, media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


@router.get("/sw.js")
def service_worker() -> Response:
    """The worker, told which files the shell is made of and which version they have."""
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return Response(_worker_text(), media_type="text/javascript; charset=utf-8", headers=headers)


@router.get("/offline")
def offline(request: Request) -> Response:
    """What opens when there is no network and no page was kept; asks neither database nor log-in."""
    return MOBILE_PAGES.bare(request, "offline.html", caller=None)


@cache
def _worker_text() -> str:
    # The addresses that the pages use, so that what is in the browser's cache already is not fetched again.
    files = [MOBILE_PAGES.static(name) if name in NAMED else f"/m/static/{name}" for name in SHELL]
    files += [shared(name) if name in NAMED else f"/static/{name}" for name in SHARED]
    folders = [(MOBILE_PAGES.folder, name) for name in SHELL] + [(PAGES.folder, name) for name in SHARED]
    content = hashlib.sha256()
    for folder, name in folders:
        content.update((folder / "static" / name).read_bytes())
    content.update((MOBILE_PAGES.folder / "templates" / "offline.html").read_bytes())
    shell = {"version": content.hexdigest()[:10], "files": [*files, OFFLINE_PAGE], "offlinePage": OFFLINE_PAGE}
    worker = (MOBILE_PAGES.folder / "static" / "js" / "worker.js").read_text(encoding="utf-8")
    return f"const SHELL = {json.dumps(shell)};\n{worker}"
