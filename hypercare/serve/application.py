"""The site as an ASGI application: Starlette takes requests apart and finds their route, the site answers them.

Starlette is an extra, so nothing of it is loaded before somebody serves.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from hypercare.serve import policies
from hypercare.serve.exchange import Answer, Refused, Request, not_there
from hypercare.serve.routes import ROUTES
from hypercare.serve.site import Route, Site

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request as Incoming
    from starlette.responses import Response

_LOG = logging.getLogger(__name__)
LARGEST_FORM = 64 * 1024
LARGEST_HEAD = 16 * 1024
_MOST_FIELDS = 20
_FORM_WITHIN_S = 20
_FORM = "application/x-www-form-urlencoded"


def application(site: Site) -> Starlette:
    """All addresses of the site; whatever else is asked for gets a page that says so, with the same headers."""
    from starlette.applications import Starlette
    from starlette.routing import Route as Address

    addresses = [Address(one.path, _endpoint(site, one), methods=[one.method]) for one in ROUTES]
    handlers: Mapping[Any, Any] = {404: _refusing(site), 405: _refusing(site), 500: _refusing(site)}
    made = Starlette(routes=addresses, exception_handlers=handlers)
    # It would make an address of what the request says its host is.
    made.router.redirect_slashes = False
    return made


def _endpoint(site: Site, route: Route) -> Callable[[Incoming], Awaitable[Response]]:
    async def answer(incoming: Incoming) -> Response:
        from starlette.concurrency import run_in_threadpool

        try:
            request = await _read(site, incoming)
        except Refused as refused:
            return _response(site, site.refusal(refused), incoming)
        return _response(site, await run_in_threadpool(site.answer, route, request), incoming)

    return answer


def _refusing(site: Site) -> Callable[[Incoming, Exception], Awaitable[Response]]:
    async def refuse(incoming: Incoming, error: Exception) -> Response:
        from starlette.concurrency import run_in_threadpool

        status = getattr(error, "status_code", 500)
        refused = {
            404: not_there(),
            405: Refused(405, "That cannot be done here", "The page takes no such request."),
        }.get(status, Refused(500, "Something went wrong here", "It is our own fault, and stands in the log."))
        if refused.status == 500:
            # What follows may be the token of a link.
            _LOG.error("a request for /%s failed", incoming.url.path.split("/")[1], exc_info=error)
        try:
            request = _bare(site, incoming)
            site.check_sender(request)
            session = await run_in_threadpool(site.session_or_none, request)
        except Refused as other:
            refused, session = other, None
        return _response(site, site.refusal(refused, session), incoming)

    return refuse


async def _read(site: Site, incoming: Incoming) -> Request:
    """Raises Refused for what is too large, too slow, or no form."""
    if sum(len(name) + len(text) for name, text in incoming.headers.raw) > LARGEST_HEAD:
        raise Refused(431, "Nothing was done", "The request is larger than a browser makes it.")
    form = await _form(incoming) if incoming.method == "POST" else {}
    bare = _bare(site, incoming)
    return Request(
        bare.method,
        bare.path,
        bare.sender,
        parts={name: str(part) for name, part in incoming.path_params.items()},
        query=dict(incoming.query_params),
        form=form,
        cookies=bare.cookies,
        host=bare.host,
        origin=bare.origin,
        is_from_elsewhere=incoming.headers.get("sec-fetch-site", "") in {"cross-site", "same-site"},
    )


def _bare(site: Site, incoming: Incoming) -> Request:
    peer = incoming.client.host if incoming.client else ""
    headers = incoming.headers
    return Request(
        incoming.method,
        incoming.url.path,
        site.reach.sender(peer, headers.get("x-forwarded-for", "")),
        cookies=incoming.cookies,
        host=headers.get("host", ""),
        origin=headers.get("origin", ""),
    )


async def _form(incoming: Incoming) -> dict[str, str]:
    if incoming.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise Refused(415, "Nothing was done", "Only forms of these pages are taken.")
    body = b""
    try:
        async with asyncio.timeout(_FORM_WITHIN_S):
            async for part in incoming.stream():
                body += part
                if len(body) > LARGEST_FORM:
                    raise Refused(413, "Nothing was done", "That is more than a form holds.")
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except TimeoutError:
        raise Refused(408, "Nothing was done", "The form did not arrive in time.") from None
    except ValueError:
        raise Refused(400, "Nothing was done", "The form cannot be understood.") from None
    return {name: text.replace("\r\n", "\n") for name, text in pairs}


def _response(site: Site, answer: Answer, incoming: Incoming) -> Response:
    from starlette.responses import FileResponse, Response

    headers = {**policies.headers(answer.policy, secure=site.reach.is_secure), **answer.headers}
    make = partial(FileResponse, answer.file) if answer.file is not None else partial(Response, answer.body)
    response = make(status_code=answer.status, headers=headers, media_type=answer.kind)
    for name, text in answer.cookies.items():
        _set_cookie(site, response, name, text)
    return response


def _set_cookie(site: Site, response: Response, name: str, text: str) -> None:
    """No script reads it, no other site sends it, and it ends with the session."""
    lasts = int(site.section.session_length.total_seconds()) if text else 0
    response.set_cookie(
        name, text, max_age=lasts, path="/", secure=site.reach.is_secure, httponly=True, samesite="strict"
    )
