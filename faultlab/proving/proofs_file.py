"""Proofs on the disk, each as soon as it is there, so that a run that was broken off can go on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from faultlab.proving.proof import Proof

_NAME = "proofs.jsonl"


class ProofsFile:
    """`earlier` are proofs of before, which are kept too."""

    def __init__(self, folder: Path, earlier: Iterable[Proof] = ()) -> None:
        self._path = folder / _NAME
        self._earlier = tuple(earlier)

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] = self._path.open("w", encoding="utf-8")
        for proof in self._earlier:
            self.add(proof)
        return self

    def add(self, proof: Proof) -> None:
        self._file.write(json.dumps(proof.as_dict()) + "\n")
        self._file.flush()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()


def right_ones_in(folder: Path) -> dict[str, Proof]:
    """The proofs of the last time that were right, by the name of their fault or pair."""
    path = folder / _NAME
    if not path.exists():
        return {}
    proofs = (
        Proof.from_dict(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if _whole(line)
    )
    return {proof.fault: proof for proof in proofs if proof.right}


def _whole(line: str) -> bool:
    """Whether a line was written to its end: the last one may not have been."""
    return line.startswith("{") and line.endswith("}")
