"""A message as Markdown, for chats.

What comes from the target is hostile: it must not become a link, a picture, a mention of everybody or a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hypercare.notification.forms.plain import more_words, titled
from hypercare.notification.message import Block, Facts, Listing, Message, Mood, Paragraph

_SIGNS = re.compile(r"([\\`*_{}\[\]()#+!|~])")
_LIST_START = re.compile(r"^(\d+)([.)])|^-")
_MARKS = {Mood.BAD: "\U0001f534 ", Mood.WARN: "\U0001f7e0 ", Mood.GOOD: "\U0001f7e2 ", Mood.PLAIN: ""}


def chat(message: Message) -> str:
    """What stands below the title."""
    parts = ["\n".join(_lines(block)) for block in message.blocks]
    parts += [escaped(message.next_step)] if message.next_step else []
    parts += [f"[Report]({message.link})"] if message.link else []
    return "\n\n".join(parts)


def chat_title(message: Message) -> str:
    """For services that show a title of its own, in which Markdown means nothing."""
    return f"{_MARKS[message.mood]}{_harmless(titled(message))}"


def chat_with_title(message: Message) -> str:
    # Not in bold: some services refuse whatever has signs of the target's within their own.
    return f"{_MARKS[message.mood]}{escaped(titled(message))}\n\n{chat(message)}"


def escaped(text: str) -> str:
    """The text so that no chat reads more into it than it says."""
    text = _SIGNS.sub(r"\\\1", _harmless(text))
    return _LIST_START.sub(r"\\\g<0>" if text.startswith("-") else r"\1\\\2", text)


def _harmless(text: str) -> str:
    for sign, instead in (("<", "\u2039"), (">", "\u203a"), ("@", "@\u200b"), ("://", ":\u200b//")):
        text = text.replace(sign, instead)
    return text


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield escaped(block.text)
        case Facts():
            yield from (f"- **{escaped(name)}** {escaped(value)}" for name, value in block.labelled())
        case Listing():
            yield f"**{escaped(block.title)}:**\n"
            yield from (f"- {escaped(line)}" for line in block.lines)
            if block.more:
                yield f"- {more_words(block)}"
