"""Whether what is asked may be a little old: then a copy of the database will do, where the target has one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_COPY_WILL_DO: ContextVar[bool] = ContextVar("copy_will_do", default=False)


@contextmanager
def copy_will_do() -> Iterator[None]:
    """For the length of a check that only asks what is stored, in this thread."""
    token = _COPY_WILL_DO.set(True)
    try:
        yield
    finally:
        _COPY_WILL_DO.reset(token)


def may_be_of_copy() -> bool:
    return _COPY_WILL_DO.get()
