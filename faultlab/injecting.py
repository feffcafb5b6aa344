"""Putting a fault in and taking it out, once each."""

from __future__ import annotations

from pathlib import Path

from faultlab.fault import Fault
from faultlab.originals import LabProblem
from faultlab.scene import scene_of


def inject(fault: Fault, target_file: Path) -> None:
    """Put a fault into the system of a target file.

    Raises:
        LabProblem: it is in already, or cannot be put in; then nothing is changed.
    """
    with scene_of(target_file, fault.id) as scene:
        scene.originals.begin()
        try:
            fault.put_in(scene)
        except BaseException:
            scene.originals.put_back(scene)
            scene.originals.forget()
            raise


def undo(fault: Fault, target_file: Path) -> None:
    """Take a fault out again.

    Raises:
        LabProblem: it is not in.
    """
    with scene_of(target_file, fault.id) as scene:
        if not scene.originals.there:
            raise LabProblem(f"the fault {fault.id} is not in")
        fault.take_out(scene)
        scene.originals.forget()
