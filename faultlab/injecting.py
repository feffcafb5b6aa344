"""Putting a fault in and taking it out, once each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from faultlab.fault import Fault
from faultlab.problem import LabProblem
from faultlab.scene import scene_of


def inject(fault: Fault, target_file: Path) -> None:
    """Put a fault into the system of a target file.

    Raises:
        LabProblem: it is in already, or cannot be put in; then nothing is changed.
    """
    with scene_of(target_file, fault.id) as scene, _in_one_line():
        scene.originals.begin()
        try:
            fault.put_in(scene)
        except BaseException:
            scene.put_back()
            scene.originals.forget()
            raise


def undo(fault: Fault, target_file: Path) -> None:
    """Take a fault out again.

    Raises:
        LabProblem: it is not in, or the system does not let itself be mended.
    """
    with scene_of(target_file, fault.id) as scene, _in_one_line():
        if not scene.originals.there:
            raise LabProblem(f"the fault {fault.id} is not in")
        fault.take_out(scene)
        scene.originals.forget()


@contextmanager
def _in_one_line() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LabProblem(
            f"{error.filename or 'a file'} cannot be used: {(error.strerror or str(error)).lower()}"
        ) from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise LabProblem(f"the database refuses: {reason}") from error
