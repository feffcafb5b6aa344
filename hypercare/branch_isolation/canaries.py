"""The canary's records as the API knows them: what writing verbs may be tried on, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from hypercare.branch_isolation.answers import key_of, leaves
from hypercare.branch_isolation.described_operations import DescribedOperation, keys_filled
from hypercare.branch_isolation.insiders import Insider, Insiders
from hypercare.branch_isolation.matrix import Verb


@dataclass(frozen=True)
class Canary:
    """One synthetic record: where the API shows it, its key there, and what it says. `mark` stands in it."""

    reading: DescribedOperation
    key: str
    mark: str
    record: Mapping[str, Any]

    @property
    def path(self) -> str:
        return keys_filled(self.reading.path, {self.reading.keys[0]: quote(self.key, safe="")})

    def keys_for(self, operation: DescribedOperation) -> Mapping[str, str] | None:
        """What to put into the placeholders of an address; None where it leads to anything but this record and what
        stands within it."""
        if operation.collection != self.reading.collection or not operation.keys:
            return None
        keys = {operation.keys[0]: self.key}
        segments = operation.path.split("/")
        for name in operation.keys[1:]:
            listed = self.record.get(segments[segments.index(f"{{{name}}}") - 1])
            first = (
                next((one for one in listed if isinstance(one, Mapping)), None) if isinstance(listed, list) else None
            )
            inner = key_of(first, name) if first is not None else None
            if inner is None:
                return None
            keys[name] = inner
        return {name: quote(key, safe="") for name, key in keys.items()}


def canaries_of(
    doors: Sequence[DescribedOperation], insiders: Insiders, owner: Insider, key: str, mark: str
) -> Iterator[Canary]:
    """Where the API shows the owner a record of this key in which the mark stands."""
    for operation in doors:
        if operation.verb is not Verb.READ or len(operation.keys) != 1 or not operation.path.endswith("}"):
            continue
        path = keys_filled(operation.path, {operation.keys[0]: quote(key, safe="")})
        exchange = insiders.ask(owner, "GET", path, name=operation.words)
        if exchange.status == 200 and isinstance(exchange.json, Mapping) and mark in set(leaves(exchange.json)):
            yield Canary(operation, key, mark, exchange.json)
