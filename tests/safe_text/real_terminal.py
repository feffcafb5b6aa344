"""A real terminal: tmux, which obeys whatever a program writes to it, and says afterwards how it stands."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

COLUMNS, LINES = 200, 50
_BEFORE, _AFTER = "what stood there before", "what comes after"
_TITLE = "title from before"
# What a program may set by what it writes, in tmux' own words for it.
_STATE = (
    "pane_title",
    "window_name",
    "alternate_on",
    "cursor_flag",
    "insert_flag",
    "keypad_cursor_flag",
    "keypad_flag",
    "mouse_any_flag",
    "origin_flag",
    "wrap_flag",
    "scroll_region_upper",
    "scroll_region_lower",
    "pane_tabs",
)
_WITHIN_S = 60
_UNSEEN = re.compile("[\x80-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_COMMAND = re.compile(r"^\s*::|##(vso|teamcity)?\[")
_COLOUR = re.compile("\x1b\\[([0-9;]*)m")


@dataclass(frozen=True)
class Seen:
    """What came of it: `state` is what changed of the terminal, `typed` what it answered by itself, as if somebody had
    typed that, `marks` the attributes that any sign on the screen has, `copied` what was put into its clipboard, and
    `written` all that the programs wrote."""

    lines: tuple[str, ...]
    state: Mapping[str, tuple[str, str]]
    marks: frozenset[str]
    typed: str
    copied: str
    written: str

    @property
    def is_whole(self) -> bool:
        """Whether nothing of what stood there was wiped away or written over."""
        return self.lines[0] == _BEFORE and self.lines[-1] == _AFTER

    @property
    def commands(self) -> list[str]:
        """The lines that a build server would obey."""
        return [
            line for line in self.lines if line.lstrip().startswith("::") or re.search(r"##(vso|teamcity)?\[", line)
        ]

    @property
    def unseen(self) -> set[str]:
        """Signs among what was written that a terminal may obey or that turn the direction of a line."""
        return set(_UNSEEN.findall(self.written))


class RealTerminal:
    """A server of tmux of our own, in a folder of its own, until it is closed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # The path of a socket may be no longer than some hundred signs.
        self._socket = Path(os.environ.get("TMPDIR", "/tmp")) / f"hypercare-{os.getpid()}-{time.monotonic_ns()}"

    def shows(self, *commands: list[str], environment: Mapping[str, str] | None = None) -> Seen:
        """Run the commands one after the other in a terminal, and say what came of it."""
        ended = self._folder / "ended"
        go_on = self._folder / "go-on"
        for file in (ended, go_on):
            file.unlink(missing_ok=True)
        script = self._folder / "script"
        lines = [
            "stty -echo -icanon min 0 time 3",
            f"echo {shlex.quote(_BEFORE)}",
            # The state of before is asked for when this stands there.
            f"touch {shlex.quote(str(go_on))}.reached",
            f"while [ ! -e {shlex.quote(str(go_on))} ]; do sleep 0.02; done",
            *(f"{shlex.join(command)} </dev/null" for command in commands),
            f"dd bs=1 count=200 2>/dev/null >{shlex.quote(str(self._folder / 'typed'))}",
            f"printf '\\n%s\\n' {shlex.quote(_AFTER)}",
            f"touch {shlex.quote(str(ended))}",
            "exec sleep 600",
        ]
        script.write_text("\n".join(lines), encoding="utf-8")
        Path(f"{go_on}.reached").unlink(missing_ok=True)
        self._start(script, environment or {})
        try:
            _wait_for(Path(f"{go_on}.reached"))
            before = self._state()
            go_on.touch()
            _wait_for(ended)
            return self._seen(before)
        finally:
            self.close()

    def close(self) -> None:
        subprocess.run(["tmux", "-S", str(self._socket), "kill-server"], capture_output=True, check=False)
        self._socket.unlink(missing_ok=True)

    def _start(self, script: Path, environment: Mapping[str, str]) -> None:
        settings = self._folder / "tmux.conf"
        # All that a program might be allowed is allowed.
        settings.write_text(
            "set -g history-limit 100000\nset -g allow-rename on\nset -g set-clipboard on\n"
            "set -g default-terminal tmux-256color\nset -g status off\n",
            encoding="utf-8",
        )
        size = ["-x", str(COLUMNS), "-y", str(LINES)]
        words = ["tmux", "-u", "-S", str(self._socket), "-f", str(settings), "new-session", "-d", *size, "-n", "window"]
        kept = {name: value for name, value in os.environ.items() if name not in {"TMUX", "TMUX_PANE"}}
        settled = {**kept, "LC_ALL": "C.UTF-8", **environment}
        subprocess.run([*words, f"sh {shlex.quote(str(script))}"], env=settled, check=True, timeout=_WITHIN_S)
        self._ask("select-pane", "-T", _TITLE)
        self._ask("pipe-pane", f"cat >{shlex.quote(str(self._folder / 'written'))}")

    def _seen(self, before: Mapping[str, str]) -> Seen:
        # The end of what was written may still be on its way.
        for _ in range(100):
            screen = self._ask("capture-pane", "-p", "-J", "-S", "-").rstrip("\n ")
            if screen.endswith(_AFTER):
                break
            time.sleep(0.05)
        now = self._state()
        marked = self._ask("capture-pane", "-p", "-e", "-S", "-")
        marks = {one for found in _COLOUR.findall(marked) for one in found.split(";") if one not in {"", "0"}}
        return Seen(
            tuple(line.rstrip() for line in screen.split("\n")),
            {name: (before[name], now[name]) for name in _STATE if before[name] != now[name]},
            frozenset(marks),
            (self._folder / "typed").read_text(encoding="utf-8", errors="replace"),
            self._ask("list-buffers"),
            (self._folder / "written").read_text(encoding="utf-8", errors="replace"),
        )

    def _state(self) -> dict[str, str]:
        asked = "\n".join(f"#{{{name}}}" for name in _STATE)
        return dict(zip(_STATE, self._ask("display-message", "-p", asked).split("\n"), strict=False))

    def _ask(self, *words: str) -> str:
        command = ["tmux", "-S", str(self._socket), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=_WITHIN_S).stdout


def _wait_for(file: Path) -> None:
    until = time.monotonic() + _WITHIN_S
    while not file.exists():
        assert time.monotonic() < until, f"{file.name} was not reached"
        time.sleep(0.02)
