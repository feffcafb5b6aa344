"""A message in the language of the reports; what is kept of it, and what programs read, stays English."""

from __future__ import annotations

from hypercare.language.chosen import ENGLISH, chosen
from hypercare.language.texts import translated
from hypercare.notification.message import Block, Facts, Listing, Message, Paragraph


def in_language(message: Message) -> Message:
    if chosen() == ENGLISH:
        return message
    told = {name: translated(getattr(message, name)) for name in ("title", "line", "next_step")}
    return message.model_copy(update={**told, "blocks": tuple(_block(block) for block in message.blocks)})


def _block(block: Block) -> Block:
    match block:
        case Paragraph():
            return block.model_copy(update={"text": translated(block.text)})
        case Facts():
            rows = tuple((translated(name), translated(value)) for name, value in block.rows)
            return block.model_copy(update={"rows": rows})
        case Listing():
            lines = tuple(translated(line) for line in block.lines)
            return block.model_copy(update={"title": translated(block.title), "lines": lines})
