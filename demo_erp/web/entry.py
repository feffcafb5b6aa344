"""Logging in and out; the same for the desktop and the phone."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from demo_erp import security
from demo_erp.dependencies import (
    SESSION_COOKIE,
    SessionDependency,
    StateDependency,
    address_of,
    channel_of,
    token_of,
    trace_id_of,
)
from demo_erp.web import words
from demo_erp.web.forms import FormDependency, text
from demo_erp.web.rendering import Pages

STATUS_OF_PROBLEM = {"locked": 423}


def entry_routes(pages: Pages, prefix: str = "") -> APIRouter:
    """The log-in page, log-in and log-out under a prefix. The page itself needs no database."""
    router = APIRouter(prefix=prefix)

    @router.get("/login")
    def show(request: Request) -> Response:
        done = words.DONE.get(request.query_params.get("done", ""), "")
        return _login_page(request, pages, next_page=request.query_params.get("next", ""), done=done)

    @router.post("/login")
    def log_in(request: Request, state: StateDependency, session: SessionDependency, form: FormDependency) -> Response:
        username, next_page = text(form, "username")[:60], text(form, "next")
        result = security.log_in(
            session,
            username=username,
            password=str(form.get("password", ""))[:200],
            channel=channel_of(request.url.path),
            address=address_of(request),
            now=state.clock.now(),
            trace_id=trace_id_of(request),
        )
        if result.token is None:
            return _login_page(
                request,
                pages,
                status=STATUS_OF_PROBLEM.get(result.reason, 401),
                next_page=next_page,
                username=username,
                problem=words.LOGIN_PROBLEMS[result.reason],
            )
        response = RedirectResponse(_safe_target(next_page, pages.home), status_code=303)
        response.set_cookie(
            SESSION_COOKIE,
            result.token,
            max_age=int(security.SESSION_LASTS.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response

    @router.post("/logout")
    def log_out(request: Request, state: StateDependency, session: SessionDependency) -> Response:
        if token := token_of(request):
            security.log_out(session, token, state.clock.now(), trace_id=trace_id_of(request))
        response = RedirectResponse(f"{pages.login}?done=logged-out", status_code=303)
        response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax")
        return response

    return router


def _login_page(
    request: Request,
    pages: Pages,
    *,
    status: int = 200,
    next_page: str = "",
    username: str = "",
    done: str = "",
    problem: str = "",
) -> Response:
    return pages.bare(
        request,
        "login.html",
        status=status,
        action=pages.login,
        next=_safe_target(next_page, ""),
        username=username,
        done=done,
        problem=problem,
    )


def _safe_target(next_page: str, otherwise: str) -> str:
    """Only a path of this program: an address elsewhere must not be smuggled into a log-in link."""
    inside = (
        next_page.startswith("/")
        and not next_page.startswith("//")
        and "\\" not in next_page
        and next_page.isprintable()
    )
    return next_page if inside else otherwise
