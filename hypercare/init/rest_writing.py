"""[rest] as text: each table with how sure it is and why; what is doubtful as a comment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypercare.init.rest_proposal import RestProposal, TableProposal
from hypercare.init.toml_text import key, percent, value


def rest_lines(rest: RestProposal) -> Iterator[str]:
    """The blocks of the section; nothing where no operation was recognised."""
    if not rest.tables:
        return
    mark = "" if rest.is_usable else "# "
    own = [f"{mark}[rest]  # see docs/rest-adapter.md; nothing is written before mode is transact"]
    own += [f"{mark}{key(name)} = {value(given)}{_asks(name)}" for name, given in rest.own.items()]
    yield "\n".join(own)
    for one in rest.tables:
        yield "\n".join(_table(one))
    if rest.missing:
        yield f"# Not recognised, so not covered until declared: {', '.join(rest.missing)}."


def _asks(name: str) -> str:
    return "  # ? number is 12.5, text is 12.50 in quotes, cents is 1250" if name == "money" else ""


def _table(one: TableProposal) -> Iterator[str]:
    mark = "# " if one.held_back else ""
    if one.held_back:
        yield f"# ? {one.held_back}"
    head = f"[[rest.{one.name}]]" if one.several else f"[rest.{one.name}]"
    yield f"{mark}{head}  # {percent(one.sure)}: {one.why}"
    for name, given in one.settings.items():
        yield f"{mark}{key(name)} = {value(_plain(given))}"


def _plain(given: Any) -> Any:
    if isinstance(given, dict):
        return {name: _plain(one) for name, one in given.items()}
    return list(given) if isinstance(given, tuple) else given
