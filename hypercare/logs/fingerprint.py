"""What two records of one error have in common: the message without what differs each time."""

from __future__ import annotations

import re

_LONGEST = 300
_QUOTED_TEXT = re.compile(r"'[^'\n]{0,200}'|\"[^\"\n]{0,200}\"|«[^»\n]{0,200}»")
# Each with what a text holds where it fits: to look for that first is quicker.
_MASKS = (
    ("-", re.compile(r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"), "<id>"),
    ("-", re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"), "<time>"),
    ("@", re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+\b"), "<mail>"),
    ("", _QUOTED_TEXT, "<text>"),
    ("0x", re.compile(r"\b0x[0-9a-fA-F]+\b"), "<id>"),
    ("", re.compile(r"\b(?=[0-9a-fA-F]*\d)(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{6,}\b"), "<id>"),
    ("-", re.compile(r"\b[A-Z]{1,6}-(?:\d+-?)+"), "<number>"),
    ("", re.compile(r"\d+(?:[.,]\d+)*"), "<number>"),
)
_QUOTED = re.compile(r"\"([^\"\n]{0,400})\"|'([^'\n]{0,400})'")
_WORD = re.compile(r"(?<![\w.<])[^\W\d_]{2,}(?![\w.>])")
_LONG_QUOTE = 3  # words


def fingerprint(message: str) -> str:
    """`message` with ids, times, numbers, addresses and quoted text masked, at most 300 characters."""
    text = _unquoted(message[: 4 * _LONGEST])
    for sign, pattern, mask in _MASKS:
        if sign in text:
            text = pattern.sub(mask, text)
    return " ".join(text.split())[:_LONGEST]


def _unquoted(text: str) -> str:
    """`text` without the quotation marks of what is a message rather than a value: nothing else says anything."""
    for quoted in _QUOTED.finditer(text):
        content = quoted[1] or quoted[2] or ""
        beside = text[: quoted.start()] + " " + text[quoted.end() :]
        if len(_WORD.findall(content)) >= _LONG_QUOTE and len(_message_words(beside)) < _LONG_QUOTE - 1:
            return f"{text[: quoted.start()]} {content} {text[quoted.end() :]}"
    return text


def _message_words(text: str) -> list[str]:
    """Words that say something: what stands in capitals is a level or a name, and behind = or in quotes a value."""
    bare = _QUOTED_TEXT.sub(" ", text)
    return [word for word in _WORD.findall(re.sub(r"[\w.]+=\S*|\[[^\]]*\]", " ", bare)) if word.islower()]
