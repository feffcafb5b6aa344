"""How errors are answered: JSON in the API, a page in the others."""

from __future__ import annotations

import html
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DatabaseError, DataError, DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from demo_erp.database import OUT_OF_RANGE
from demo_erp.dependencies import SAFE_METHODS, channel_of, trace_id_of
from demo_erp.errors import ErpError
from demo_erp.state import State

QUIET_STATUS = frozenset({401, 404})


def answer(request: Request, status: int, code: str, message: str) -> Response:
    """The answer to a request that failed."""
    channel = channel_of(request.url.path)
    if channel == "api":
        return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)
    if status == 401:
        return _to_login(request, "/m/login" if channel == "mobile" else "/login")
    try:
        from demo_erp.mobile.rendering import MOBILE_PAGES
        from demo_erp.web.failures import failure_page
        from demo_erp.web.rendering import PAGES

        pages = MOBILE_PAGES if channel == "mobile" else PAGES
        page = failure_page(request, pages, status, message, trace_id_of(request))
    except Exception:  # noqa: BLE001 - a broken error page must not hide the error it was to show
        page = _plain_page(status, message, trace_id_of(request))
    return page


def install(app: FastAPI, state: State) -> None:
    """Have the application answer its errors this way, and log those that somebody should know of."""

    def erp_error(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, ErpError)
        if problem.status not in QUIET_STATUS:
            _log(state, request, "WARNING", problem.message)
        return answer(request, problem.status, problem.code, problem.message)

    def http_error(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, HTTPException)
        code = HTTPStatus(problem.status_code).phrase.lower().replace(" ", "_")
        response = answer(request, problem.status_code, code, str(problem.detail))
        response.headers.update(problem.headers or {})
        return response

    def wrong_input(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, RequestValidationError)
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path"))
        return answer(request, 422, "invalid", f"{where}: {first['msg']}" if where else first["msg"])

    def out_of_range(request: Request, _problem: Exception) -> Response:
        return answer(request, 422, "invalid", "a number, a day or a character is out of range")

    def database_error(request: Request, problem: Exception) -> Response:
        if isinstance(problem, DataError) or isinstance(getattr(problem, "orig", None), OUT_OF_RANGE):
            return out_of_range(request, problem)
        if isinstance(problem, IntegrityError):
            _log(state, request, "WARNING", "a change clashed with another one", problem)
            message = "somebody changed the same thing at the same moment; please try again"
            return answer(request, 409, "conflict", message)
        if _unavailable(problem):
            _log(state, request, "ERROR", "the database does not answer", problem)
            return answer(request, 503, "database_unavailable", "the database does not answer; try again later")
        raise problem

    app.add_exception_handler(ErpError, erp_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, wrong_input)
    app.add_exception_handler(SQLAlchemyError, database_error)
    for kind in OUT_OF_RANGE:
        app.add_exception_handler(kind, out_of_range)


def _unavailable(problem: Exception) -> bool:
    """Gone, locked, or damaged (which drivers report as a plain DatabaseError)."""
    if isinstance(problem, (OperationalError, PoolTimeout)) or type(problem) is DatabaseError:
        return True
    return isinstance(problem, DBAPIError) and problem.connection_invalidated


def _to_login(request: Request, page: str) -> Response:
    if request.headers.get("hx-request"):  # only a part of the page was asked for: the whole of it must go there
        return Response(status_code=204, headers={"HX-Redirect": page})
    if request.method not in SAFE_METHODS:
        return RedirectResponse(page, status_code=303)
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{page}?next={quote(target, safe='')}", status_code=303)


def _plain_page(status: int, message: str, trace_id: str) -> Response:
    title = HTTPStatus(status).phrase
    text = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><h1>{title}</h1><p>{html.escape(message)}</p><p>Trace id: {trace_id}</p></html>"
    )
    return HTMLResponse(text, status_code=status)


def _log(state: State, request: Request, level: str, message: str, problem: BaseException | None = None) -> None:
    state.logs.app(
        level,
        "demo_erp.requests",
        message,
        trace_id=trace_id_of(request),
        user=request.scope.get("username"),
        branch=request.scope.get("branch"),
        exception=problem,
    )
