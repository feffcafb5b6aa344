"""An import hook that gives a process one module of the model with a change in it; the file stays as it is."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType

from faultlab.mutating.model.mutant import Mutant
from faultlab.mutating.model.places import mutated
from faultlab.suite_run import PROJECT


class AlreadyLoaded(Exception):
    """The module was imported before the hook could change it."""


class Hook(MetaPathFinder):
    """Finds the mutant's module, and no other."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._mutant.module:
            return None
        file = str(PROJECT / self._mutant.file)
        return spec_from_file_location(fullname, file, loader=_Loader(fullname, file, self._mutant.number))


class _Loader(SourceFileLoader):
    def __init__(self, fullname: str, path: str, number: int) -> None:
        super().__init__(fullname, path)
        self._number = number

    def get_code(self, fullname: str) -> CodeType:
        source = Path(self.path).read_text(encoding="utf-8")
        return compile(mutated(source, self._number), self.path, "exec")


def put_in(mutant: Mutant) -> Hook:
    """From now on this process imports the mutant. Raises AlreadyLoaded when it is too late for that."""
    if mutant.module in sys.modules:
        raise AlreadyLoaded(f"{mutant.module} is loaded already")
    hook = Hook(mutant)
    sys.meta_path.insert(0, hook)
    return hook
