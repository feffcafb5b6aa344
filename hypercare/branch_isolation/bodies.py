"""What to send to an operation that writes, so that it changes next to nothing: what the record says already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hypercare.branch_isolation.described_operations import DescribedOperation
from hypercare.init.api_operations import Part

_SEEN = " (seen)"


class CannotTell(Exception):
    """What an operation wants is not known; the message says which part of it."""


def body_for(operation: DescribedOperation, record: Mapping[str, Any], mark: str) -> dict[str, Any] | None:
    """Its body, from the record that it is tried on; None where it takes none.

    A text in which the record is marked is sent with a few letters more, so that it shows whether anything was changed.

    Raises:
        CannotTell: it requires something that the record does not say.
    """
    parts = [part for part in operation.parameters if part.place == "body" and part.name]
    if not parts:
        return None
    body: dict[str, Any] = {}
    for part in parts:
        stated = record.get(part.name)
        if part.required:
            body[part.name] = _required(part, record, mark)
        elif operation.method == "PUT" and part.name in record:
            body[part.name] = stated
        if isinstance(stated, str) and mark in stated:
            body[part.name] = f"{stated}{_SEEN}"
    return body


def _required(part: Part, record: Mapping[str, Any], mark: str) -> Any:
    stated = next(_stated(part.name, record), None)
    if stated is not None:
        return stated
    if part.words:
        return part.words[0]
    if part.kind == "flag":
        return False
    is_key = part.name.endswith(("id", "Id", "uuid", "key"))
    if part.kind == "text" and not is_key:
        return mark
    if part.kind in {"number", "whole"} and not is_key:
        return 1
    raise CannotTell(f"what {part.name!r} should be is not known")


def _stated(name: str, record: Mapping[str, Any]) -> Iterator[Any]:
    """What the record, or the first of those that stand in it, says under this name."""
    if isinstance(record.get(name), str | int | float):
        yield record[name]
    for part in record.values():
        inner = part[0] if isinstance(part, list) and part else part
        if isinstance(inner, Mapping):
            yield from _stated(name, inner)
