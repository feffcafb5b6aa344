"""The forms that a message is brought into: plain text, one text for a telephone, Markdown for chats, HTML for mail.

What comes from the target is hostile: it must not become a link, a picture, a mention of everybody or a heading.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

from hypercare.language.texts import translated
from hypercare.notification.message import Block, Facts, Listing, Message, Mood, Paragraph, cut

_CALLS_ALL = re.compile(r"@(?=(everyone|here|channel|all)\b)", re.IGNORECASE)
# Signs beyond the plain alphabet of telephones halve what an SMS holds.
_PLAINER = str.maketrans(
    {"…": "...", "\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"}
)
_LEAST_WORDS = 80
IM_ON_IT = "I'm on it"
_OPEN, _REPORT = "Open the report", "Report"
_SIGNS = re.compile(r"([\\`*_{}\[\]()#+!|~])")
_LIST_START = re.compile(r"^(\d+)([.)])|^-")
_MARKS = {Mood.BAD: "\U0001f534 ", Mood.WARN: "\U0001f7e0 ", Mood.GOOD: "\U0001f7e2 ", Mood.PLAIN: ""}
_COLOURS = {Mood.BAD: "#c62828", Mood.WARN: "#b26a00", Mood.GOOD: "#2e7d32", Mood.PLAIN: "#546e7a"}
_FONT = "font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif"


def plain(message: Message) -> str:
    """What stands below the title, for whatever shows text as it is."""
    parts = ["\n".join(_plain_lines(block)) for block in message.blocks]
    parts += [message.next_step] if message.next_step else []
    parts += [f"{translated(IM_ON_IT)}: {message.answer_link}"] if message.answer_link else []
    parts += [f"{translated(_REPORT)}: {message.link}"] if message.link else []
    return _calling_nobody("\n\n".join(parts))


def titled(message: Message) -> str:
    return _calling_nobody(f"{message.target}: {message.title}")


def plain_with_title(message: Message) -> str:
    return f"{titled(message)}\n\n{plain(message)}"


def more_words(listing: Listing) -> str:
    return translated(f"and {listing.more} more" if listing.lines else f"{listing.more} of them, see the report")


def _plain_lines(block: Block) -> Iterator[str]:
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
    """Some of those that show plain text look for mentions all the same."""
    return _CALLS_ALL.sub("@\u200b", text)


def short(message: Message, limit: int = 160) -> str:
    """One text for a telephone, with the link where there is room for it."""
    words = f"{message.target}: {message.line}".translate(_PLAINER)
    wanted = message.answer_link or message.link
    link = f" {wanted}" if wanted else ""
    if len(link) > limit - _LEAST_WORDS:
        link = ""
    room = limit - len(link)
    return (words if len(words) <= room else f"{words[: room - 3].rstrip()}...") + link


def chat(message: Message) -> str:
    """What stands below the title, as Markdown."""
    parts = ["\n".join(_chat_lines(block)) for block in message.blocks]
    parts += [escaped(message.next_step)] if message.next_step else []
    parts += [f"[{translated(IM_ON_IT)}]({message.answer_link})"] if message.answer_link else []
    parts += [f"[{translated(_REPORT)}]({message.link})"] if message.link else []
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


def _chat_lines(block: Block) -> Iterator[str]:
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


def mail(message: Message) -> str:
    """HTML that reads well on a phone, in the dark, and without its styles: the whole body, the title in it."""
    head = f'<h1 style="font-size:20px;line-height:1.3;margin:0 0 12px">{html.escape(message.title)}</h1>'
    parts = [head, *(_mail_block(block) for block in message.blocks)]
    if message.next_step:
        parts.append(f"<p>{html.escape(message.next_step)}</p>")
    if message.answer_link:
        words = html.escape(translated(IM_ON_IT))
        parts.append(f'<p><a href="{html.escape(message.answer_link)}"><b>{words}</b></a></p>')
    if message.link:
        address = html.escape(message.link)
        parts.append(f'<p><a href="{address}">{translated(_OPEN)}</a><br>{address}</p>')
    bar = f"border-left:6px solid {_COLOURS[message.mood]};padding:4px 0 4px 16px;max-width:40em"
    return f'<div style="{_FONT};{bar}">\n' + "\n".join(parts) + "\n</div>\n"


def _mail_block(block: Block) -> str:
    match block:
        case Paragraph():
            return f"<p>{html.escape(block.text)}</p>"
        case Facts():
            return (
                "<p>"
                + "<br>".join(f"<b>{html.escape(name)}</b> {html.escape(value)}" for name, value in block.labelled())
                + "</p>"
            )
        case Listing():
            return f"<p><b>{html.escape(block.title)}</b></p>\n<ul>\n" + "\n".join(_mail_items(block)) + "\n</ul>"


def _mail_items(listing: Listing) -> Iterator[str]:
    yield from (f"<li>{html.escape(line)}</li>" for line in listing.lines)
    if listing.more:
        yield f"<li>{more_words(listing)}</li>"


def fitted(message: Message, write: Callable[[Message], str], limit: int) -> str:
    """The message as `write` writes it, with lists and then facts left out until it is no longer than `limit`.

    What matters stays: its title, its next step and its link.
    """
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
    paragraphs = tuple(block for block in message.blocks if not isinstance(block, Facts | Listing))
    yield message.model_copy(update={"blocks": paragraphs})
    yield message.model_copy(update={"blocks": ()})
    yield message.model_copy(update={"blocks": (), "next_step": ""})


def _with_lines(block: Block, most: int) -> Block:
    if not isinstance(block, Listing) or len(block.lines) <= most:
        return block
    return block.model_copy(update={"lines": block.lines[:most], "more": block.more + len(block.lines) - most})
