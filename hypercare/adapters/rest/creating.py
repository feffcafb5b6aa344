"""A sale that is created by several requests: from when on it is there, and by which key."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from hypercare.adapters.rest.asking import Answer, Steps
from hypercare.adapters.rest.reading import Reading
from hypercare.clients.client import Creation, SystemRefused
from hypercare.target_file.expression import found
from hypercare.target_file.sections.rest import RestSection
from hypercare.target_file.sections.rest_request import Request
from hypercare.target_file.template import mentions

_UNSURE = 500  # a status below says no, and nothing was made


class CreatingSteps(Steps):
    """Tells `creation` how far it came. The key of a cart is not taken for the key of the sale that it becomes."""

    def __init__(self, rest: RestSection, reading: Reading, creation: Creation) -> None:
        self._rest = rest
        self._reading = reading
        self._creation = creation

    def taken(self, request: Request, send: Callable[[], Answer]) -> Answer:
        if request.verb == "GET":
            return send()
        was_sent, self._creation.sent = self._creation.sent, True
        try:
            answer = send()
        except SystemRefused as refused:
            if refused.status is not None and refused.status < _UNSURE:
                self._creation.sent = was_sent
            raise
        if self._creation.key is None:
            key = self._key_in(request, answer)
            if key not in (None, "", [], {}):
                self._creation.made(str(key))
        return answer

    def _key_in(self, request: Request, answer: Answer) -> Any:
        with suppress(ValueError, ArithmeticError):
            name = "key" if "key" in request.keep else _name_of_key(self._rest, request)
            if name is not None:
                return found(request.keep[name], answer.exchange.json)
            if request.gives == "key":
                return self._reading.key(answer.record)
            return self._reading.sale(answer.record).key
        return None


def is_marked_late(requests: Sequence[Request]) -> bool:
    """Whether the first request that makes something does not carry the reference yet."""
    writing = [request for request in requests if request.verb != "GET"]
    return bool(writing) and not mentions(writing[0].templates, "reference")


def _name_of_key(rest: RestSection, request: Request) -> str | None:
    """The value that stands in a later request where reading a sale has its key: "/orders/{id}/lines"."""
    read = next((one.path for one in rest.read_sale if "{key}" in one.path), None)
    if read is None:
        return None
    for name in request.keep:
        place = re.escape(read.replace("{key}", f"{{{name}}}"))
        if any(re.match(place + r"(?=[/?:.]|$)", later.path) for later in rest.create_sale):
            return name
    return None
