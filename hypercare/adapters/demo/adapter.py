"""The adapter of the embedded system."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

from hypercare.target_file.adapter_defaults import defaults_of
from hypercare.target_file.business_terms import Task

if TYPE_CHECKING:
    from hypercare.adapters.demo.process import EmbeddedSystem
    from hypercare.api.api import Api
    from hypercare.clients.client import ApiClient, Client
    from hypercare.mobile.phone import Phone
    from hypercare.web.web import Web

_ROLES = {
    Task.SELL: ("sales", "manager"),
    Task.PRODUCE: ("production", "manager"),
    Task.UNDO: ("manager", "administrator"),
}


class DemoAdapter:
    """Clients are imported when they are asked for: an API check starts no browser."""

    name = "demo"

    def defaults(self) -> dict[str, Any]:
        return defaults_of(self.name)

    def start_system(self, at: time | None) -> EmbeddedSystem:
        """A throw-away one that stands at this local time, or late in the afternoon."""
        from hypercare.adapters.demo.process import EmbeddedSystem

        return EmbeddedSystem.start(at)

    def roles_for(self, task: Task) -> tuple[str, ...]:
        return _ROLES[task]

    def api_client(self, api: Api) -> ApiClient:
        from hypercare.adapters.demo.api_client import DemoApiClient

        return DemoApiClient(api)

    def web_client(self, web: Web) -> Client:
        from hypercare.adapters.demo.web_client import DemoWebClient

        return DemoWebClient(web)

    def mobile_client(self, phone: Phone) -> Client:
        from hypercare.adapters.demo.mobile_client import DemoMobileClient

        return DemoMobileClient(phone)
