"""Serve one business on one port of this machine, until told to stop."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType

import uvicorn

from demo_erp.application import create_app
from demo_erp.errors import SetupProblem
from demo_erp.state import State
from demo_erp.ticker import Ticker

HOST = "127.0.0.1"
STOP_WITHIN_SECONDS = 1
STANDARD_INPUT = 0

Tell = Callable[[dict[str, object]], None]


def print_line(where: dict[str, object]) -> None:
    """The announcement as one line of JSON on standard output."""
    print(json.dumps(where), flush=True)


def serve(
    state: State,
    *,
    port: int | None = None,
    traffic: bool = True,
    frozen: bool = False,
    until_input_ends: bool = False,
    tell: Tell = print_line,
) -> None:
    """Serve until SIGTERM or SIGINT. The clock goes on from where it stood, and stands still again afterwards.

    ``port`` 0 lets the system choose. ``until_input_ends`` also stops when standard input is closed, which it is
    when whoever started the server has died. ``tell`` is called once, with the announcement, when the server
    answers. Raises SetupProblem when the port is taken.
    """
    listening = _listen(state.settings.port if port is None else port)
    ticker = Ticker(state, traffic=traffic)
    try:
        state.clock.set(state.clock.now(), rate=0.0 if frozen else state.clock.rate or 1.0)
        server = _Server(state, listening.getsockname()[1], ticker, tell, until_input_ends=until_input_ends)
        server.run(sockets=[listening])
    finally:
        listening.close()
        ticker.stop()
        with contextlib.suppress(OSError, SetupProblem):  # the state folder may have been removed already
            state.clock.set(state.clock.now(), rate=0.0)
        state.logs.app("INFO", "demo_erp.serve", "stopped")
        state.database.dispose()


def leave() -> None:
    """End the process after serving: a request or a step still at work must not keep it alive."""
    if threading.active_count() > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def require_free(port: int) -> None:
    """Raises SetupProblem when the port is taken, for whoever has long work to do before serving."""
    _listen(port).close()


class _Server(uvicorn.Server):
    """Tells where it answers once it does."""

    def __init__(self, state: State, port: int, ticker: Ticker, tell: Tell, *, until_input_ends: bool) -> None:
        self._state = state
        self._port = port
        self._ticker = ticker
        self._tell = tell
        self._until_input_ends = until_input_ends
        super().__init__(
            uvicorn.Config(
                create_app(state),
                access_log=False,
                log_level="warning",
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=STOP_WITHIN_SECONDS,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._state.logs.app("INFO", "demo_erp.serve", f"serving on port {self._port}")
            self._ticker.start()
            if self._until_input_ends:
                threading.Thread(target=self._stop_when_input_ends, name="input", daemon=True).start()
            self._tell(announcement(self._state, self._port))

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit:
            super().handle_exit(sig, frame)
        else:
            # uvicorn would send itself the signal again at the end; a stop that was asked for is no failure.
            self.should_exit = True

    def _stop_when_input_ends(self) -> None:
        # Read from the descriptor: a thread that waits in sys.stdin would hold its lock when the process ends.
        with contextlib.suppress(OSError):
            while os.read(STANDARD_INPUT, 4096):
                pass
        self.should_exit = True


def announcement(state: State, port: int) -> dict[str, object]:
    """Where everything is, for whoever started the server."""
    base = f"http://{HOST}:{port}"
    return {
        "web_url": f"{base}/",
        "api_url": f"{base}/api/v1",
        "mobile_url": f"{base}/m",
        "database_url": state.database.full_url,
        "log_paths": state.logs.paths,
        "backup_dir": str(state.backups),
        "accounts_file": str(state.accounts_file),
        "pid": os.getpid(),
    }


def _listen(port: int) -> socket.socket:
    # The protocol must be named: only then does asyncio send small answers at once (TCP_NODELAY).
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(128)
    except OSError as problem:
        listening.close()
        raise SetupProblem(f"port {port} cannot be used: {problem.strerror or problem}") from problem
    except OverflowError:
        listening.close()
        raise SetupProblem(f"port {port} cannot be used: ports go from 0 to 65535") from None
    return listening
