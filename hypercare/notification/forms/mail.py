"""A message as a mail: HTML that reads well on a phone, in the dark, and without its styles."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from hypercare.notification.forms.plain import more_words
from hypercare.notification.message import Block, Facts, Listing, Message, Mood, Paragraph

_COLOURS = {Mood.BAD: "#c62828", Mood.WARN: "#b26a00", Mood.GOOD: "#2e7d32", Mood.PLAIN: "#546e7a"}
_FONT = "font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif"


def mail(message: Message) -> str:
    """The whole body, the title in it."""
    head = f'<h1 style="font-size:20px;line-height:1.3;margin:0 0 12px">{escape(message.title)}</h1>'
    parts = [head, *(_block(block) for block in message.blocks)]
    if message.next_step:
        parts.append(f"<p>{escape(message.next_step)}</p>")
    if message.link:
        address = escape(message.link)
        parts.append(f'<p><a href="{address}">Open the report</a><br>{address}</p>')
    bar = f"border-left:6px solid {_COLOURS[message.mood]};padding:4px 0 4px 16px;max-width:40em"
    return f'<div style="{_FONT};{bar}">\n' + "\n".join(parts) + "\n</div>\n"


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return f"<p>{escape(block.text)}</p>"
        case Facts():
            return (
                "<p>"
                + "<br>".join(f"<b>{escape(name)}</b> {escape(value)}" for name, value in block.labelled())
                + "</p>"
            )
        case Listing():
            return f"<p><b>{escape(block.title)}</b></p>\n<ul>\n" + "\n".join(_items(block)) + "\n</ul>"


def _items(listing: Listing) -> Iterator[str]:
    yield from (f"<li>{escape(line)}</li>" for line in listing.lines)
    if listing.more:
        yield f"<li>{more_words(listing)}</li>"
