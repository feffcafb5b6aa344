"""Packed files: unpacked part by part, so that little memory is needed, however large they are."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import IO

# By the end of a name. Python itself knows zstd from 3.14 on.
_MODULES: Mapping[str, Sequence[str]] = {
    ".gz": ("gzip",),
    ".bz2": ("bz2",),
    ".xz": ("lzma",),
    ".zst": ("compression.zstd", "backports.zstd"),
}
PACKED = tuple(_MODULES)
_ERRORS = ("LZMAError", "ZstdError")
_PART = 1 << 20


def can_be_unpacked(suffix: str) -> bool:
    """Whether there is something here that unpacks files whose names end so, or they are not packed at all."""
    return suffix not in PACKED or _module(suffix) is not None


def parts_of(file: IO[bytes], suffix: str, size: int = _PART) -> Iterator[bytes]:
    """What a packed file holds, in parts of so many bytes at most; of a damaged one, what it still gives."""
    module = _module(suffix)
    if module is None:
        return
    damage = (EOFError, OSError, zlib.error, *(getattr(module, name) for name in _ERRORS if hasattr(module, name)))
    file.seek(0)
    try:
        with module.open(file, "rb") as packed:
            while part := packed.read1(size):  # to wait for a whole part would lose what stands before the damage
                yield part
    except damage:
        return


def _module(suffix: str) -> ModuleType | None:
    for name in _MODULES[suffix]:
        try:
            return import_module(name)
        except ImportError:
            continue
    return None
