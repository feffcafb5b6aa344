"""Which adapters there are."""

from __future__ import annotations

from difflib import get_close_matches

# Named as text, so that a session loads only the adapter it uses.
BUILT_IN = {
    "none": "hypercare.target.adapter:NoAdapter",
    "demo": "hypercare.adapters.demo.adapter:DemoAdapter",
}


class UnknownAdapter(Exception):
    """The target file names an adapter that is not there; the message is one line."""


def require_known(name: str) -> None:
    """Raises UnknownAdapter, naming the nearest."""
    if name not in BUILT_IN:
        near = get_close_matches(name, BUILT_IN, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(sorted(BUILT_IN))}"
        raise UnknownAdapter(f"there is no adapter {name!r}{hint}")
