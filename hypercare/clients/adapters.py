"""Adapters by their name."""

from __future__ import annotations

from typing import Any, NoReturn, Protocol

from hypercare.outcome.signals import NotCovered
from hypercare.target_file.adapter_defaults import defaults_of
from hypercare.target_file.business_terms import Task
from hypercare.target_file.known_adapters import adapter_class


class RolesAdapter(Protocol):
    """What an adapter says of the people of its system."""

    def roles_for(self, task: Task) -> tuple[str, ...]:
        """The roles that may do it, the one that does it day by day first; empty when any may."""
        ...


def adapter_named(name: str) -> Any:
    """A new adapter; whoever asks says which of its promises is needed.

    Raises:
        UnknownAdapter: there is none of that name.
    """
    return adapter_class(name)()


class NoAdapter:
    """A system of which only the addresses are known: it can be looked at but not worked with."""

    name = "none"

    def defaults(self) -> dict[str, Any]:
        return defaults_of(self.name)

    def roles_for(self, task: Task) -> tuple[str, ...]:
        return ()

    def api_client(self, api: object) -> NoReturn:
        _not_covered("API")

    def web_client(self, web: object) -> NoReturn:
        _not_covered("web app")

    def mobile_client(self, phone: object) -> NoReturn:
        _not_covered("mobile app")


def _not_covered(what: str) -> NoReturn:
    raise NotCovered(
        f"No adapter says how people log in to and work with the {what}.",
        remedy="Name one as [target] adapter in the target file, or declare the system: see docs/rest-adapter.md.",
    )
