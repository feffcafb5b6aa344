"""What an adapter promises in all: how a given system is described, entered and worked with."""

from __future__ import annotations

from typing import Any, Protocol

from hypercare.api.api import ApiAdapter
from hypercare.clients.adapters import RolesAdapter
from hypercare.mobile.phone import PhoneAdapter
from hypercare.web.web import WebAdapter


class Adapter(RolesAdapter, ApiAdapter, WebAdapter, PhoneAdapter, Protocol):
    """How a given system does it. Each part of the suite asks for its own promise alone."""

    name: str

    def defaults(self) -> dict[str, Any]:
        """What holds for every such system (endpoints, mapping, log fields); a target file's own words go first."""
        ...
