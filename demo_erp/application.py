"""The whole system on one port: API, web app, mobile app."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI

from demo_erp import api, error_answers
from demo_erp.request_log import RequestLog
from demo_erp.state import State
from demo_erp.web.static_files import VersionedFiles

VERSION = "1.4.0"


def create_app(state: State | str | Path) -> FastAPI:
    """The application for one business; raises SetupProblem when its state folder cannot be used."""
    from demo_erp.mobile.routes import router as mobile_router
    from demo_erp.web.routes import router as web_router

    business = state if isinstance(state, State) else State.open(state)
    app = FastAPI(
        title=business.settings.name,
        version=VERSION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # its page would load scripts from outside
        redoc_url=None,
    )
    app.state.erp = business
    app.include_router(api.router, prefix="/api/v1")
    app.include_router(web_router)
    app.include_router(mobile_router)
    here = Path(__file__).parent
    app.mount("/m/static", VersionedFiles(directory=here / "mobile" / "static"), name="mobile-static")
    app.mount("/static", VersionedFiles(directory=here / "web" / "static"), name="static")
    error_answers.install(app, business)
    app.add_middleware(RequestLog, state=business, answer=error_answers.answer)
    return app
