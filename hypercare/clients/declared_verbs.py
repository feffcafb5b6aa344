"""Whether a client that is only declared says how everything is done that a trial needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from hypercare.clients.client import Client

WORDS = {
    "create_sale": "a sale is created",
    "finalise_sale": "a sale is made final",
    "read_sale": "a sale is read",
    "undo_sale": "a sale is undone",
    "list_sales": "sales are listed",
    "read_order": "a production order is read",
    "start_step": "a production step is started",
    "finish_step": "a production step is finished",
}


@runtime_checkable
class DeclaredClient(Protocol):
    def require_declared(self, verb: str, what: str) -> None:
        """Raise NotCovered unless the target file says how `verb` is done; `what` says it in words."""


def require_declared(client: Client, verbs: Sequence[str]) -> None:
    """Raise NotCovered for the first verb that is missing. A client written in Python has all of them."""
    if isinstance(client, DeclaredClient):
        for verb in verbs:
            client.require_declared(verb, WORDS[verb])
