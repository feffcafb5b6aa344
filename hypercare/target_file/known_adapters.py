"""Which adapters there are: those that come with the suite, then those that installed packages bring.

A package brings one by an entry point of the group `hypercare.adapters`: its name is what a target file says, and it
leads to a class without arguments that keeps the promises of `hypercare.adapters.protocol.Adapter`.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from importlib import import_module
from typing import Any

GROUP = "hypercare.adapters"

# Named as text, so that a session loads only the adapter it uses.
BUILT_IN = {
    "none": "hypercare.clients.adapters:NoAdapter",
    "demo": "hypercare.adapters.demo.adapter:DemoAdapter",
    "tryton": "hypercare.adapters.tryton.adapter:TrytonAdapter",
    "rest": "hypercare.adapters.rest.adapter:RestAdapter",
}
# Whose system is started for a session to which nobody names a target.
WITHOUT_A_TARGET = "demo"


class UnknownAdapter(Exception):
    """The target file names an adapter that is not there or cannot be loaded; the message is one line."""


def require_known(name: str) -> None:
    """Raises UnknownAdapter, naming the nearest and all there are."""
    if name in BUILT_IN:
        return
    installed = _installed()
    if name in installed:
        return
    near = get_close_matches(name, [*BUILT_IN, *installed], n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    brought = ", ".join(sorted(installed)) or "none"
    raise UnknownAdapter(
        f"there is no adapter {name!r}{hint} (built in: {', '.join(sorted(BUILT_IN))}; brought by packages: {brought})"
    )


def adapter_class(name: str) -> Callable[[], Any]:
    """What makes an adapter of this name; one that is built in goes before an installed one of the same name.

    Raises:
        UnknownAdapter: there is none, or the package that brings it cannot be loaded.
    """
    require_known(name)
    if name in BUILT_IN:
        module, _, attribute = BUILT_IN[name].partition(":")
        built_in: Callable[[], Any] = getattr(import_module(module), attribute)
        return built_in
    point = _installed()[name]
    try:
        installed: Callable[[], Any] = point.load()
    except Exception as error:
        owner = f" of {point.dist.name}" if point.dist else ""
        message = " ".join(str(error).split())
        raise UnknownAdapter(
            f"the adapter {name!r}{owner} ({point.value}) cannot be loaded: {type(error).__name__}: {message}"
        ) from error
    return installed


def known_names() -> dict[str, str]:
    """Every adapter with where it comes from."""
    brought = {
        name: f"brought by {point.dist.name if point.dist else point.value}" for name, point in _installed().items()
    }
    return {**brought, **dict.fromkeys(BUILT_IN, "built in")}


def _installed() -> dict[str, Any]:
    # Imported here: reading what every installed package brings takes longer than a check at the desk may.
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group=GROUP)}
