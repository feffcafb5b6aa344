"""What two records of one error have in common: the message without what differs each time."""

from __future__ import annotations

import re

_LONGEST = 300
_MASKS = (
    (re.compile(r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"), "<time>"),
    (re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+\b"), "<mail>"),
    (re.compile(r"'[^'\n]{0,200}'|\"[^\"\n]{0,200}\"|«[^»\n]{0,200}»"), "<text>"),
    (re.compile(r"\b0x[0-9a-fA-F]+\b"), "<id>"),
    (re.compile(r"\b(?=[0-9a-fA-F]*\d)(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{6,}\b"), "<id>"),
    (re.compile(r"\b[A-Z]{1,6}-(?:\d+-?)+"), "<number>"),
    (re.compile(r"\d+(?:[.,]\d+)*"), "<number>"),
)
_SPACE = re.compile(r"\s+")


def fingerprint(message: str) -> str:
    """`message` with ids, times, numbers, addresses and quoted text masked, at most 300 characters."""
    text = message[: 4 * _LONGEST]
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return _SPACE.sub(" ", text).strip()[:_LONGEST]
