"""Run a command until it ends or standard input does: python until_input_ends.py COMMAND...

Whoever starts something keeps the other end of the pipe. A pipe is closed by the kernel even when its owner is killed,
so what was started ends with whoever started it. Knows nothing but the standard library, and starts in no time.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

_STOPS_WITHIN = 10  # seconds


def main(command: list[str]) -> int:
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    threading.Thread(target=_end_with_input, args=(child,), daemon=True).start()
    status = child.wait()
    return status if status >= 0 else 128 - status


def _end_with_input(child: subprocess.Popen[bytes]) -> None:
    # From the descriptor: a thread that waits in sys.stdin would hold its lock when the process ends.
    while os.read(0, 4096):
        pass
    child.terminate()
    try:
        child.wait(_STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        child.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
