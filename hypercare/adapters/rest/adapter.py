"""The adapter of systems that are declared in the target file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Task

if TYPE_CHECKING:
    from hypercare.api.api import Api
    from hypercare.clients.client import ApiClient, Client
    from hypercare.mobile.phone import Phone
    from hypercare.web.web import Web


class RestAdapter:
    """Knows nothing by itself: the API is declared in [rest], the pages in [web.flow] and [mobile.flow]."""

    name = "rest"

    def defaults(self) -> dict[str, Any]:
        return {}

    def roles_for(self, task: Task) -> tuple[str, ...]:
        return ()

    def api_client(self, api: Api) -> ApiClient:
        from hypercare.adapters.rest.client import RestClient

        return RestClient(api)

    def web_client(self, web: Web) -> Client:
        _not_declared("web app", "web")

    def mobile_client(self, phone: Phone) -> Client:
        _not_declared("mobile app", "mobile")


def _not_declared(what: str, section: str) -> NoReturn:
    raise NotCovered(
        f"The target file does not say how people log in to and work with the {what}.",
        remedy=f"Declare it as steps in [{section}.flow]; `hypercare record` makes them of a recording.",
    )
