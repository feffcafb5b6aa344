"""Which lines of the operations model a look runs through."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from faultlab.mutating.model.mutant import MODEL
from faultlab.suite_run import PROJECT

Lines = dict[str, set[int]]
_PLACES = tuple(f"{PROJECT / folder}{os.sep}" for folder in MODEL)


@contextmanager
def traced() -> Iterator[Lines]:
    """Lines by file, relative to the project, that run inside the block; complete when it is left."""
    found: Lines = {}
    before = sys.gettrace()

    def enter(frame: FrameType, event: str, argument: Any) -> Any:
        if event != "call" or not frame.f_code.co_filename.startswith(_PLACES):
            return None
        lines = found.setdefault(os.path.relpath(frame.f_code.co_filename, PROJECT), set())
        lines.add(frame.f_lineno)

        def step(frame: FrameType, event: str, argument: Any) -> Any:
            lines.add(frame.f_lineno)
            return step

        return step

    sys.settrace(enter)
    try:
        yield found
    finally:
        sys.settrace(before)
