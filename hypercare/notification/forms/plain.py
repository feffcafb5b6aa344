"""A message as plain text: for whatever shows text as it is.

Some of those look for mentions all the same; what the target says is not to call everybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hypercare.notification.message import Block, Facts, Listing, Message, Paragraph

_CALLS_ALL = re.compile(r"@(?=(everyone|here|channel|all)\b)", re.IGNORECASE)


def plain(message: Message) -> str:
    """What stands below the title."""
    parts = ["\n".join(_lines(block)) for block in message.blocks]
    parts += [message.next_step] if message.next_step else []
    parts += [f"Report: {message.link}"] if message.link else []
    return _calling_nobody("\n\n".join(parts))


def titled(message: Message) -> str:
    return _calling_nobody(f"{message.target}: {message.title}")


def plain_with_title(message: Message) -> str:
    return f"{titled(message)}\n\n{plain(message)}"


def more_words(listing: Listing) -> str:
    return f"and {listing.more} more" if listing.lines else f"{listing.more} of them, see the report"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield block.text
        case Facts():
            yield from (f"{name} {value}" for name, value in block.labelled())
        case Listing():
            yield f"{block.title}:"
            yield from (f"- {line}" for line in block.lines)
            if block.more:
                yield f"- {more_words(block)}"


def _calling_nobody(text: str) -> str:
    return _CALLS_ALL.sub("@\u200b", text)
