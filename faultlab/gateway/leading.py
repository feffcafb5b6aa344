"""Leading a target file's addresses to a gateway, and back to the system."""

from __future__ import annotations

import time
from pathlib import Path

import httpx

_END_LIMIT_S = 10.0


def lead(target_file: Path, old: str, new: str) -> None:
    """Write the target file anew with one origin in place of another, in one step."""
    draft = target_file.with_suffix(".part")
    draft.write_text(target_file.read_text(encoding="utf-8").replace(f'"{old}', f'"{new}'), encoding="utf-8")
    draft.replace(target_file)


def take_away(target_file: Path, system: str, url: str, flag_file: Path) -> None:
    """Lead the addresses back, end the gateway and wait until nothing answers there."""
    lead(target_file, url, system)
    flag_file.unlink(missing_ok=True)
    until = time.monotonic() + _END_LIMIT_S
    while time.monotonic() < until:
        try:
            httpx.get(url, timeout=0.5, trust_env=False, verify=False)
        except httpx.ConnectError:
            return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
