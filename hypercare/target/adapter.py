"""Adapters by their name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from hypercare.outcome.signals import NotCovered
from hypercare.target.adapter_defaults import defaults_of
from hypercare.target.known_adapters import adapter_class

if TYPE_CHECKING:
    from hypercare.target.api import Api
    from hypercare.target.door import Adapter, ApiDoor, Door, Task
    from hypercare.target.phone import Phone
    from hypercare.target.web import Web


def adapter_named(name: str) -> Adapter:
    """Raises UnknownAdapter."""
    adapter: Adapter = adapter_class(name)()
    return adapter


class NoAdapter:
    """A system of which only the addresses are known: it can be looked at but not worked with."""

    name = "none"

    def defaults(self) -> dict[str, Any]:
        return defaults_of(self.name)

    def roles_for(self, task: Task) -> tuple[str, ...]:
        return ()

    def api_door(self, api: Api) -> ApiDoor:
        _not_covered("API")

    def web_door(self, web: Web) -> Door:
        _not_covered("web app")

    def mobile_door(self, phone: Phone) -> Door:
        _not_covered("mobile app")


def _not_covered(what: str) -> NoReturn:
    raise NotCovered(
        f"No adapter says how people log in to and work with the {what}.",
        mend="Name one as [target] adapter in the target file, or declare the system: see docs/rest-adapter.md.",
    )
