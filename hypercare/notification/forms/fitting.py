"""Making a message shorter without losing what matters: its title, its next step and its link stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hypercare.notification.message import Block, Facts, Listing, Message, cut


def fitted(message: Message, write: Callable[[Message], str], limit: int) -> str:
    """The message as `write` writes it, with lists and then facts left out until it is no longer than `limit`."""
    text = ""
    for shorter in _ever_shorter(message):
        text = write(shorter)
        if len(text) <= limit:
            return text
    return cut(text, limit)


def _ever_shorter(message: Message) -> Iterator[Message]:
    yield message
    for most in (10, 5, 2, 0):
        yield message.model_copy(update={"blocks": tuple(_with_lines(block, most) for block in message.blocks)})
    kept = tuple(block for block in message.blocks if not isinstance(block, Facts | Listing))
    yield message.model_copy(update={"blocks": kept})
    yield message.model_copy(update={"blocks": ()})
    yield message.model_copy(update={"blocks": (), "next_step": ""})


def _with_lines(block: Block, most: int) -> Block:
    if not isinstance(block, Listing) or len(block.lines) <= most:
        return block
    return block.model_copy(update={"lines": block.lines[:most], "more": block.more + len(block.lines) - most})
