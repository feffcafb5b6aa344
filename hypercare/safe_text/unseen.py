"""Characters that are not seen and yet change what is: shown as such wherever text of a target is read."""

from __future__ import annotations

import re

# C0 and C1 controls but for tab and line feed, marks of direction, and what no encoding takes.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """`text` with control and bidirectional marks, which can make a line read as another, shown as such."""
    return _UNSEEN.sub("\ufffd", text)
