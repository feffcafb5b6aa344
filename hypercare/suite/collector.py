"""Python's garbage collector, which rests while a session is loaded.

Nearly all that loading makes stays until the end. To look through it for garbage, again and again as it grows, takes a
sixth of the time of a check at the desk.
"""

from __future__ import annotations

import gc
import sys

import pytest


def rest_while_loading(config: pytest.Config) -> None:
    """Stop it, where this process runs nothing but this session; what was loaded then is never looked through."""
    is_all_of_the_process = [str(word) for word in config.invocation_params.args] == sys.argv[1:]
    if is_all_of_the_process and gc.isenabled():
        gc.disable()
        config.stash[_RESTS] = True
        config.add_cleanup(gc.enable)


def work_again(config: pytest.Config) -> None:
    if config.stash.get(_RESTS, False):
        gc.freeze()
        gc.enable()


_RESTS = pytest.StashKey[bool]()
