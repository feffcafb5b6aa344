"""Logging in and out, and who one is."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from demo_erp import security
from demo_erp.api.fields import Answer, BranchCode, Entered, Instant
from demo_erp.dependencies import (
    CallerDependency,
    SessionDependency,
    StateDependency,
    address_of,
    token_of,
    trace_id_of,
)
from demo_erp.errors import Locked, NotSignedIn
from demo_erp.state import State

router = APIRouter(tags=["log-in"])


class Credentials(Entered):
    username: str
    password: str


class Me(Answer):
    id: int
    username: str
    full_name: str
    role: str
    branch: BranchCode | None


class LoggedIn(Answer):
    token: str
    expires_at: Instant
    user: Me


@router.post("/auth/login", response_model=LoggedIn)
def log_in(body: Credentials, request: Request, state: StateDependency, session: SessionDependency) -> Any:
    """A token good for twelve hours. 401 for a wrong user name or password, 423 while the account is locked."""
    result = security.log_in(
        session,
        username=body.username,
        password=body.password,
        channel="api",
        address=address_of(request),
        now=state.clock.now(),
        trace_id=trace_id_of(request),
    )
    session.commit()  # the attempt counts even though the answer may be an error
    if not result.succeeded:
        _refuse(state, request, result)
    request.scope["username"] = result.user.username if result.user else None
    return {"token": result.token, "expires_at": result.expires_at, "user": result.user}


@router.post("/auth/logout", status_code=204)
def log_out(request: Request, state: StateDependency, session: SessionDependency, _caller: CallerDependency) -> None:
    """End this session."""
    security.log_out(session, token_of(request) or "", state.clock.now(), trace_id=trace_id_of(request))


@router.get("/me", response_model=Me)
def me(caller: CallerDependency) -> Any:
    return caller.user


def _refuse(state: State, request: Request, result: security.LoginResult) -> None:
    if result.reason == "locked":
        raise Locked("too many wrong passwords; try again in a quarter of an hour")
    state.logs.app(
        "WARNING",
        "demo_erp.security",
        f"log-in refused: {result.reason.replace('_', ' ')}",
        trace_id=trace_id_of(request),
        user=result.user.username if result.user else None,
    )
    raise NotSignedIn("wrong user name or password")
