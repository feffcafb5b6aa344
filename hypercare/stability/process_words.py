"""How servers say that they start, that they were told to stop, and that they, or a part of them, crashed."""

from __future__ import annotations

import re
from enum import StrEnum


class ProcessEvent(StrEnum):
    START = "start"
    STOP = "stop"
    CRASH = "crash"


# A process that ends by SIGHUP, SIGINT, SIGPIPE or SIGTERM was told to end, as is one that then says 128 and the
# signal's number.
_TOLD_TO_END = r"(?:1|2|13|15)\b|SIG(?:HUP|INT|PIPE|TERM)\b"
# Of servers and frameworks as they say it themselves, which is in English whatever the language of the business. What
# only a worker among others says is left out: workers are replaced all the time.
_CRASH = re.compile(
    r"terminated by exception|segmentation fault|\bsegfault\b|\bcore dumped\b"
    rf"|(?:terminated|killed) by signal(?!:? ?(?:{_TOLD_TO_END}))"
    r"|got signal (?:[3-9]|1[01])\b"
    r"|out of memory:? kill|\boom[-_ ]?kill|oom_reaper"
    r"|java\.lang\.OutOfMemoryError|javascript heap out of memory"
    r"|was sent SIGKILL|exited unexpectedly|process exited with (?:code|status) [1-9]"
    rf"|main process exited, code=(?:dumped|killed, status=(?!{_TOLD_TO_END})"
    r"|exited, status=(?!(?:129|130|141|143)\b)[1-9])"
    r"|failed with result '(?:signal|core-dump|oom)"
    r"|fatal python error|^panic: |\bpanic: runtime error"
    r"|database system was (?:interrupted|not properly shut down)|automatic recovery in progress"
    r"|starting crash recovery|a fatal error has been detected by the java runtime"
    r"|process crashed|uncaught exception.{0,40}(?:exit|shutting down|terminat)",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"^\W*(?:server )?stopped\W*$|^\W*bye\W*$|shutting down|shut(?:ting)? ?down (?:complete|request|initiated)"
    r"|is shut down|\bnormal shutdown\b|graceful(?:ly)? (?:shut|stop)"
    r"|(?:handling signal:?|received) (?:sig)?(?:term|int)\b"
    r"|stopping (?:server|service|application|protocolhandler)|server (?:was |has been )?stopped"
    r"|finished server process"
    r"|initiat\w+ (?:graceful )?shutdown|application is (?:being )?(?:stopped|shutting)|deactivated successfully",
    re.IGNORECASE,
)
_START = re.compile(
    r"^\W*serving on\b|uvicorn running on|starting gunicorn|^listening at: |starting development server at"
    r"|\bstarted \S+ in [\d.,]+ (?:seconds|ms)|server startup in|now listening on|application started\b"
    r"|application (?:successfully )?started|server (?:is )?(?:listening|started|running)\b"
    r"|http service \(werkzeug\) running on|this is a development server\. do not use"
    r"|(?:puma|unicorn|passenger|daphne|hypercorn|waitress|wildfly|quarkus)"
    r" .{0,40}(?:starting|started|running|listening)|^listening on (?:https?|tcp)://|serving on https?://"
    r"|ready to accept connections"
    r"|ready for connections|^server started\b|starting server\b",
    re.IGNORECASE,
)
# Small ASCII words, of which a line that tells of any of it holds at least one.
SIGNS = (
    b"terminated by", b"segmentation fault", b"segfault", b"core dump", b"killed by signal", b"got signal",
    b"out of memory", b"oom-kill", b"oom_", b"oomkill", b"oom kill", b"outofmemory", b"sigkill", b"exited unexpectedly",
    b"process exited", b"failed with result", b"fatal python", b"panic: ", b"database system was", b"crash",
    b"fatal error", b"uncaught exception", b"recovery in progress", b"stopped", b"bye", b"shutting", b"shut down",
    b"shutdown", b"signal term", b"signal int", b"signal: ", b"received sig", b"received term", b"received int",
    b"graceful", b"stopping", b"finished server", b"deactivated", b"serving on", b"running on", b"starting gunicorn",
    b"starting development", b"starting server", b" starting", b"started ", b"server started",
    b"application started", b"application is", b"listening", b"startup in", b"ready to accept", b"ready for conn",
    b"server is ", b"server running", b"is a development",
)  # fmt: skip


def event_in(message: str) -> ProcessEvent | None:
    """What a message tells of a server's process; None when of nothing."""
    for pattern, event in ((_CRASH, ProcessEvent.CRASH), (_STOP, ProcessEvent.STOP), (_START, ProcessEvent.START)):
        if pattern.search(message):
            return event
    return None
