"""The server: one process that answers on one address until it is told to stop."""

from __future__ import annotations

import socket
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

from hypercare.extras import install, missing
from hypercare.outcome.signals import MonitorFault
from hypercare.serve.site import Site

if TYPE_CHECKING:
    import uvicorn

EXTRA = "serve"
_STOP_WITHIN_S = 3
_MOST_AT_ONCE = 100
_IDLE_S = 15
_BACKLOG = 128


class ServeProblem(MonitorFault):
    """It cannot be served."""


def require_server() -> None:
    """Raises ServeProblem where what serves is not installed."""
    if missing(EXTRA):
        raise ServeProblem("`hypercare serve` needs a web server", remedy=f"{install(EXTRA)} brings it.")


def listening(address: str, port: int) -> socket.socket:
    """Take a port; 0 lets the system choose. Raises ServeProblem when it is taken."""
    host = "127.0.0.1" if address == "localhost" else address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen(_BACKLOG)
    except OSError as error:
        taken.close()
        raise ServeProblem(f"{address} port {port} cannot be listened on: {error.strerror or error}") from None
    return taken


def server(site: Site, started: Callable[[], None]) -> uvicorn.Server:
    """What serves the site when its `run(sockets=[...])` is called; `started` is called once it answers."""
    import uvicorn

    from hypercare.serve.application import LARGEST_HEAD, application

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            if self.started:
                started()

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            # It would send itself the signal again at the end; a stop that was asked for is no failure.
            self.should_exit = True

    config = uvicorn.Config(
        application(site),
        http="h11",
        ws="none",
        lifespan="off",
        # Addresses hold the tokens of links.
        access_log=False,
        log_level="warning",
        server_header=False,
        # Whose word is taken for where a request comes from is the site's own question.
        proxy_headers=False,
        limit_concurrency=_MOST_AT_ONCE,
        timeout_keep_alive=_IDLE_S,
        timeout_graceful_shutdown=_STOP_WITHIN_S,
        h11_max_incomplete_event_size=LARGEST_HEAD,
    )
    return Server(config)
