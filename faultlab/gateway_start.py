"""Putting the gateway between a target file and its system."""

from __future__ import annotations

import subprocess
import sys
from urllib.parse import urlsplit

from faultlab.gateway.leading import lead
from faultlab.problem import LabProblem
from faultlab.scene import Scene

_FLAG_FILE = "gateway"


def start_gateway(scene: Scene) -> None:
    """Start a gateway with the scene's fault and lead the target file's web, mobile and API addresses to it.

    Raises:
        LabProblem: the system has no such address, or the gateway does not start.
    """
    system = _origin_of(scene)
    flag_file = scene.originals.folder / _FLAG_FILE
    flag_file.touch()
    command = [sys.executable, "-m", "faultlab.serve_gateway", system, scene.originals.folder.name, str(flag_file)]
    quiet = subprocess.DEVNULL
    # It outlives whoever puts the fault in, and ends by itself when the fault is taken out or the system is gone.
    process = subprocess.Popen(
        command, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet, text=True, start_new_session=True
    )
    assert process.stdout is not None
    with process.stdout as output:
        url = output.readline().strip()
    if not url:
        raise LabProblem("the gateway that this fault needs does not start")
    scene.originals.note("gateway", target_file=str(scene.target_file), system=system, url=url, wanted=str(flag_file))
    lead(scene.target_file, system, url)


def _origin_of(scene: Scene) -> str:
    for way in (scene.config.web, scene.config.api, scene.config.mobile):
        if way is not None:
            parts = urlsplit(way.url)
            return f"{parts.scheme}://{parts.netloc}"
    raise LabProblem("the target file names no address that a fault could stand before")
