"""A history of a fault's own, into which it may write what rounds and probers would have."""

from __future__ import annotations

from faultlab.problem import LabProblem
from faultlab.scene import Scene

_FOLDER = "history-of-a-fault"


def remember_elsewhere(scene: Scene) -> None:
    """Give the target file a history of this fault's own, so that nothing of it stays in anybody's.

    Faults that are put in together share one.
    """
    folder = scene.target_file.resolve().parent / _FOLDER
    if folder.exists():
        return
    if scene.config.history is not None:
        raise LabProblem("the target file names a history of its own, into which no fault is written")
    scene.files.make(folder)
    folder.mkdir()
    scene.files.spoil(scene.target_file)
    with scene.target_file.open("a", encoding="utf-8") as file:
        file.write(f'\n[history]\nurl = "sqlite:///{folder / "history.sqlite"}"\n')
