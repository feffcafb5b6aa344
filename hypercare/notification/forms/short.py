"""A message for a telephone: one text of 160 signs, with the link where there is room for it."""

from __future__ import annotations

from hypercare.notification.message import Message

# Signs beyond the plain alphabet of telephones halve what an SMS holds.
_PLAINER = str.maketrans(
    {"…": "...", "\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"}
)
_LEAST_WORDS = 80


def short(message: Message, limit: int = 160) -> str:
    words = f"{message.target}: {message.line}".translate(_PLAINER)
    link = f" {message.link}" if message.link else ""
    if len(link) > limit - _LEAST_WORDS:
        link = ""
    room = limit - len(link)
    return (words if len(words) <= room else f"{words[: room - 3].rstrip()}...") + link
