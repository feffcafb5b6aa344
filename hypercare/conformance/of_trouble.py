"""Promises of what a client says when the system is in trouble."""

from __future__ import annotations

import socket
import time

from hypercare.api.api import Api
from hypercare.clients.client import Client, LogInRefused, SystemRefused
from hypercare.conformance.fault_proxy import FaultProxy
from hypercare.conformance.ground import Ground
from hypercare.conformance.promise import Broken, Promise, require
from hypercare.outcome.signals import ChannelDown, NotCovered, Signal
from hypercare.target_file.business_terms import Task

_PAGE = "<!doctype html><html><head><title>Sorry</title></head><body>Something went wrong</body></html>"
_TROUBLES = {
    "an error of the server": (500, "application/json", '{"error": {"code": "internal", "message": "Out of order"}}'),
    "a web page where data should be": (200, "text/html; charset=utf-8", _PAGE),
    "an empty answer": (200, "application/json", ""),
    "an answer of another shape": (200, "application/json", '{"unexpected": [1, 2, 3]}'),
}
_TIMEOUT_S = 1.0


def _is_down_when_unreachable(ground: Ground) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        with ground.elsewhere(address) as api:
            _require_down(ground, api, "nothing listens at the address")


def _is_down_when_it_hangs(ground: Ground) -> None:
    with FaultProxy.before(ground) as fault_proxy, ground.elsewhere(fault_proxy.url, timeout_s=_TIMEOUT_S) as api:
        fault_proxy.hangs = True
        started = time.monotonic()
        _require_down(ground, api, "the system never answers")
        seconds = time.monotonic() - started
        require(seconds < 8 * _TIMEOUT_S, f"it waited {seconds:.0f} s although [api] timeout is {_TIMEOUT_S:g} s")


def _require_down(ground: Ground, api: Api, words: str) -> None:
    seller = ground.seller
    with api.client() as client:
        try:
            client.log_in(seller)
        except ChannelDown as down:
            require(down.way == "api", f"{words}, and {down.way!r} was called down, not 'api'")
        except Signal as signal:
            raise Broken(f"{words}, which was told as {type(signal).__name__}, not as ChannelDown: {signal}") from None
        else:
            raise Broken(f"{words}, and the log-in went well all the same")


def _refuses_in_trouble(ground: Ground) -> None:
    """Each verb that reads is asked while the system is in trouble: none may answer, none may break."""
    with FaultProxy.before(ground) as fault_proxy, ground.elsewhere(fault_proxy.url) as api:
        for words, answer in _TROUBLES.items():
            with api.client(ground.seller) as client:
                fault_proxy.answers = answer
                try:
                    _require_refused(client, words)
                finally:
                    fault_proxy.answers = None


def _require_refused(client: Client, words: str) -> None:
    try:
        sales = client.sales_listed()
    except SystemRefused:
        return
    except Signal as signal:
        raise Broken(f"{words} was told as {type(signal).__name__}, not as SystemRefused: {signal}") from None
    raise Broken(f"{words} was swallowed: sales_listed() answered with {len(sales)} sales")


def _tells_trouble_from_a_no(ground: Ground) -> None:
    status, media_type, body = _TROUBLES["an error of the server"]
    with FaultProxy.before(ground) as fault_proxy, ground.elsewhere(fault_proxy.url) as api:
        fault_proxy.answers = (status, media_type, body)
        with api.client() as client:
            try:
                client.log_in(ground.seller)
            except LogInRefused:
                raise Broken("an error of the server at log-in was told as a wrong password (LogInRefused)") from None
            except SystemRefused:
                pass
            else:
                raise Broken("an error of the server at log-in was swallowed")


def _cleans_up_after_trouble(ground: Ground) -> None:
    """The system breaks down between creating and undoing; what was left is undone by the next sweep."""
    from hypercare.clients.accounts import Accounts
    from hypercare.trials.synthetic import Synthetic

    with FaultProxy.before(ground) as fault_proxy, ground.elsewhere(fault_proxy.url) as api:
        accounts = Accounts(api.target)
        synthetic = Synthetic(api.target, accounts, (api,))
        key = ""
        try:
            with accounts.client_for(api, Task.SELL) as client, synthetic.sale(client) as trial:
                key = trial.sale.key
                fault_proxy.answers = _TROUBLES["an error of the server"]
                client.finalise_sale(key)
        except NotCovered:
            # Nothing is made final where that could not be undone.
            if not key:
                raise
        except SystemRefused:
            pass
        else:
            raise Broken("an error of the server while a sale was made final was swallowed")
        finally:
            fault_proxy.answers = None
        synthetic.sweep()
        synthetic.close()
    with ground.client_for(Task.UNDO) as overseer:
        left = overseer.read_sale(key)
        require(left is None or left.state == "void", "a sale that a breakdown left standing is not swept afterwards")


PROMISES = (
    Promise("an unreachable system is ChannelDown", _is_down_when_unreachable),
    Promise("a system that never answers is ChannelDown, in time", _is_down_when_it_hangs),
    Promise("an error at log-in is no wrong password", _tells_trouble_from_a_no),
    Promise("whatever strange comes is told as SystemRefused", _refuses_in_trouble),
    Promise("what a breakdown leaves standing is swept", _cleans_up_after_trouble),
)
