"""The adapter of Tryton."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypercare.outcome.signals import NotCovered
from hypercare.target_file.adapter_defaults import defaults_of
from hypercare.target_file.business_terms import Task

if TYPE_CHECKING:
    from hypercare.api.api import Api
    from hypercare.clients.client import ApiClient, Client
    from hypercare.mobile.phone import Phone
    from hypercare.web.web import Web

# A role is the name of one of Tryton's access groups; the accounts of the target file name the one they are used for.
_ROLES = {
    Task.SELL: ("Sales", "Sales Administrator"),
    Task.PRODUCE: ("Production", "Production Administration"),
    Task.UNDO: ("Sales", "Sales Administrator"),
}


class TrytonAdapter:
    """Clients are imported when they are asked for: an API check starts no browser."""

    name = "tryton"

    def defaults(self) -> dict[str, Any]:
        return defaults_of(self.name)

    def roles_for(self, task: Task) -> tuple[str, ...]:
        return _ROLES[task]

    def api_client(self, api: Api) -> ApiClient:
        from hypercare.adapters.tryton.api_client import TrytonApiClient

        return TrytonApiClient(api)

    def web_client(self, web: Web) -> Client:
        from hypercare.adapters.tryton.web_client import TrytonWebClient

        return TrytonWebClient(web)

    def mobile_client(self, phone: Phone) -> Client:
        raise NotCovered("Tryton has no mobile app of its own.", remedy="Leave [mobile] out of the target file.")
