"""What request handlers of API, web and mobile ask for: the state, a database session, the caller."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from demo_erp import security
from demo_erp.access import Caller
from demo_erp.errors import NotSignedIn
from demo_erp.state import State

SESSION_COOKIE = "rosewood_session"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def get_state(request: Request) -> State:
    """The business that this application serves."""
    state: State = request.app.state.erp
    return state


def get_session(request: Request) -> Iterator[Session]:
    """One database transaction for the request: committed when the handler returns, before the answer is sent."""
    with get_state(request).database.open_session(writes=request.method not in SAFE_METHODS) as session:
        yield session
        session.commit()


StateDependency = Annotated[State, Depends(get_state)]
SessionDependency = Annotated[Session, Depends(get_session, scope="function")]


def token_of(request: Request) -> str | None:
    """The session token that came with the request: a bearer token, or the cookie."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return request.cookies.get(SESSION_COOKIE)


def channel_of(path: str) -> str:
    """The channel a path belongs to: "api", "mobile" or "web"."""
    if path.startswith("/api/"):
        return "api"
    return "mobile" if path == "/m" or path.startswith("/m/") else "web"


def trace_id_of(request: Request) -> str:
    trace_id: str = request.scope.get("trace_id", "")
    return trace_id


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def maybe_caller(request: Request, state: StateDependency, session: SessionDependency) -> Caller | None:
    """The caller, or None when nobody is signed in (or the session ended, or the user was disabled)."""
    token = token_of(request)
    now = state.clock.now()
    found = security.signed_in(session, token, now) if token else None
    if found is None:
        return None
    signed_in, user = found
    channel = channel_of(request.url.path)
    request.scope["username"] = user.username
    request.scope["branch"] = user.branch.code if user.branch else None
    request.scope["channel"] = channel = signed_in.channel if channel == "api" else channel
    return Caller(
        user=user,
        channel=channel,
        trace_id=trace_id_of(request),
        now=now,
        address=address_of(request),
        timezone=state.timezone,
    )


MaybeCaller = Annotated[Caller | None, Depends(maybe_caller, scope="function")]


def current_caller(caller: MaybeCaller) -> Caller:
    """The caller; raises NotSignedIn (401 in the API, the log-in page elsewhere) when there is none."""
    if caller is None:
        raise NotSignedIn("please log in")
    return caller


CallerDependency = Annotated[Caller, Depends(current_caller, scope="function")]
