"""The suite's own log: what it did itself, one line an event, and never a secret in it.

Modules log to `logging.getLogger(__name__)`, below the logger "hypercare". It is silent until it is asked for.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import TextIO

from hypercare.outcome.redaction import ALL_SECRETS
from hypercare.safe_text import SafeStream

NAME = "hypercare"
FILE_VARIABLE, VERBOSE_VARIABLE = "HYPERCARE_LOG_FILE", "HYPERCARE_VERBOSE"
_LINE = "%(asctime)s %(levelname)s %(name)s [%(process)d] %(message)s"
_LONGEST = 4_000
# What would begin a line of its own, or steer a terminal, is shown and not obeyed.
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}
_CONTROLS |= {ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): " ", 0x2028: "\\u2028", 0x2029: "\\u2029"}


class LogFileProblem(Exception):
    """The log file cannot be written; the message is one line."""


def asked_verbosity(environment: Mapping[str, str] = os.environ) -> int:
    """How much a command that started this process wants to see on standard error: 0 nothing, 1 info, 2 debug."""
    value = environment.get(VERBOSE_VARIABLE, "")
    return int(value) if value.isdigit() else 0


def asked_file(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The log file that the environment names."""
    value = environment.get(FILE_VARIABLE)
    return Path(value) if value else None


def without_verbosity() -> dict[str, str]:
    """The environment for a process whose standard error is read by us."""
    return {name: value for name, value in os.environ.items() if name != VERBOSE_VARIABLE}


@contextmanager
def writing(file: Path | None, verbosity: int, stream: TextIO | None = None) -> Iterator[None]:
    """Write the log for the length of the block: everything into a file, what the verbosity asks for to a stream.

    Processes that are started meanwhile write theirs to the same places. Without a file and verbosity nothing is
    written, and whoever listens at the root (pytest, with options of its own) gets what it asks for, without secrets.

    Raises:
        LogFileProblem: the file cannot be written.
    """
    handlers = _handlers(file, verbosity, stream)
    logger = logging.getLogger(NAME)
    with ExitStack() as stack:
        _add(stack, logger, _Cleaning())
        if handlers:
            _take_over(stack, logger, min(handler.level for handler in handlers))
            _tell_children(stack, file, verbosity)
        for handler in handlers:
            _add(stack, logger, handler)
        yield


def _handlers(file: Path | None, verbosity: int, stream: TextIO | None) -> list[logging.Handler]:
    handlers: list[logging.Handler] = []
    if file is not None:
        handlers.append(_LogFile(file.absolute()))
        handlers[-1].setLevel(logging.DEBUG)
    if verbosity:
        handlers.append(logging.StreamHandler(SafeStream(stream or sys.stderr)))
        handlers[-1].setLevel(logging.INFO if verbosity == 1 else logging.DEBUG)
    for handler in handlers:
        handler.setFormatter(_Line(_LINE))
    return handlers


def _add(stack: ExitStack, logger: logging.Logger, handler: logging.Handler) -> None:
    logger.addHandler(handler)
    stack.callback(handler.close)
    stack.callback(logger.removeHandler, handler)


def _take_over(stack: ExitStack, logger: logging.Logger, level: int) -> None:
    """Let everything from `level` on through to our handlers, and to the root's what came there before."""
    # Not by `propagate`: pytest hangs its handlers on every logger that does not propagate, too.
    stack.callback(setattr, logger, "parent", logger.parent)
    stack.callback(logger.setLevel, logger.level)
    before_root = logging.Logger("before the root")
    before_root.addHandler(_AsBefore())
    logger.parent = before_root
    logger.setLevel(level)


def _tell_children(stack: ExitStack, file: Path | None, verbosity: int) -> None:
    variables = {FILE_VARIABLE: str(file.absolute()) if file else None, VERBOSE_VARIABLE: str(verbosity or "") or None}
    for name, value in variables.items():
        stack.callback(_put, name, os.environ.get(name))
        _put(name, value)


def _put(variable: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(variable, None)
    else:
        os.environ[variable] = value


class Redacting(logging.Filter):
    """Puts a record into its words and takes every secret out of them that this process has resolved or been given."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            words = record.getMessage()
        except (TypeError, ValueError):
            words = str(record.msg)
        record.msg, record.args = ALL_SECRETS.text(words), None
        if record.exc_info:
            record.exc_text = ALL_SECRETS.text(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        return True


class _Cleaning(logging.Handler):
    """Stands before all other handlers, so that none of them, pytest's included, is ever given a secret."""

    def __init__(self) -> None:
        super().__init__()
        self.addFilter(Redacting())

    def emit(self, record: logging.LogRecord) -> None:
        pass


class _AsBefore(logging.Handler):
    """Hands to the root's handlers what they would be given if nobody had asked for this log."""

    def emit(self, record: logging.LogRecord) -> None:
        root = logging.getLogger()
        if root.handlers and record.levelno >= root.level:
            root.handle(record)


class _Line(logging.Formatter):
    """One line a record; the lines of a traceback follow it, indented."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        message = record.message.translate(_CONTROLS)
        record.message = message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        head, *below = super().format(record).splitlines()
        return "\n".join([head, *(f"    {line.translate(_CONTROLS)}" for line in below)])


class _LogFile(WatchedFileHandler):
    """Appended to by several processes; one that was moved away by a rotation is begun anew. Once it cannot be written
    any more that is said once: it must not spoil what is logged of."""

    def __init__(self, path: Path) -> None:
        self._has_failed = False
        try:
            super().__init__(path, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise LogFileProblem(f"the log file {path} cannot be written: {error.strerror or error}") from None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            super().emit(record)
        except OSError:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        error = sys.exc_info()[1]
        is_first, self._has_failed = not self._has_failed, True
        if is_first and sys.__stderr__ is not None:
            reason = getattr(error, "strerror", None) or error
            # Standard error may lie on the same full disk.
            with suppress(OSError, ValueError):
                words = f"hypercare: the log file {self.baseFilename} cannot be written any more: {reason}\n"
                sys.__stderr__.write(words)

    def close(self) -> None:
        with suppress(OSError, ValueError):
            super().close()
