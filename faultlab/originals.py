"""What was there before a fault was put in: written down before each change, so that any process can undo it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from faultlab.problem import LabProblem

_RECORD = "changes.jsonl"


class Originals:
    """A folder for one fault. Changes are noted in the order in which they are made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def there(self) -> bool:
        """Whether the fault is in."""
        return self.folder.is_dir()

    def begin(self) -> None:
        try:
            self.folder.mkdir(parents=True)
        except FileExistsError:
            raise LabProblem(f"the fault {self.folder.name} is in already") from None

    def note(self, kind: str, **what: object) -> None:
        """Write down how a change is undone; to be called before it is made."""
        line = json.dumps({"kind": kind, **what}, default=_tagged)
        with (self.folder / _RECORD).open("a", encoding="utf-8") as record:
            record.write(line + "\n")
            record.flush()
            os.fsync(record.fileno())

    def keep(self, path: Path) -> str:
        """Copy a file or folder in here; the name under which it is kept."""
        name = f"{len(list(self.folder.iterdir()))}-{path.name}"
        copy = self.folder / name
        if path.is_dir():
            shutil.copytree(path, copy)
        else:
            shutil.copy2(path, copy)
        return name

    def noted(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each change that was noted, by its kind, the latest first."""
        record = self.folder / _RECORD
        lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
        for line in reversed(lines):
            change = json.loads(line, object_hook=_untagged)
            yield change.pop("kind"), change

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def _tagged(value: object) -> dict[str, str]:
    match value:
        case datetime():
            return {"instant": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case Decimal():
            return {"decimal": str(value)}
        case bytes():
            return {"bytes": value.hex()}
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _untagged(value: Mapping[str, Any]) -> Any:
    if len(value) != 1:
        return value
    ((tag, text),) = value.items()
    match tag:
        case "instant":
            return datetime.fromisoformat(text)
        case "day":
            return date.fromisoformat(text)
        case "decimal":
            return Decimal(text)
        case "bytes":
            return bytes.fromhex(text)
    return value
