"""A message: said once in blocks, and brought into many forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from hypercare.outcome.level import Level

_LONGEST_LINE = 600


class Kind(StrEnum):
    INCIDENT = "incident"
    DIGEST = "digest"
    MONITOR = "monitor"
    TEST = "test"


class Mood(StrEnum):
    """What a receiver that knows colours or alarms should make of it."""

    BAD = "bad"
    WARN = "warn"
    GOOD = "good"
    PLAIN = "plain"


def _one_line(text: object) -> object:
    """What comes from the target may hold anything; line ends would let it pass for words of ours, or for a header."""
    if not isinstance(text, str):
        return text
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return cut(line, _LONGEST_LINE)


def cut(text: str, length: int) -> str:
    """The text, or as much of it as fits with the sign that there was more."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def _lines_in(value: object) -> object:
    """The same for every text in plain data."""
    if isinstance(value, Mapping):
        return {name: _lines_in(one) for name, one in value.items()}
    return [_lines_in(one) for one in value] if isinstance(value, list | tuple) else _one_line(value)


Line = Annotated[str, BeforeValidator(_one_line)]
Data = Annotated[dict[str, Any], BeforeValidator(_lines_in)]


class _Piece(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Paragraph(_Piece):
    block: Literal["paragraph"] = "paragraph"
    text: Line


class Facts(_Piece):
    """Names with what is known of each: ("Answer by", "09:20")."""

    block: Literal["facts"] = "facts"
    rows: tuple[tuple[Line, Line], ...]

    def labelled(self) -> Iterator[tuple[str, str]]:
        """As they are shown: a question needs no colon."""
        for name, value in self.rows:
            yield (name if name.endswith("?") else f"{name}:"), value


class Listing(_Piece):
    """Lines under a heading, the weightiest first; `more` are left out."""

    block: Literal["listing"] = "listing"
    title: Line
    lines: tuple[Line, ...]
    more: int = 0


Block = Annotated[Paragraph | Facts | Listing, Field(discriminator="block")]


class Message(_Piece):
    """One thing to tell. `line` is the whole of it in one line, for an SMS or a list.

    `key` names it for ever, so that it is not told twice. `about` binds messages of one matter together; `next_step` is
    what whoever reads it can do.
    """

    key: str
    kind: Kind
    target: Line
    title: Line
    line: Line
    at: AwareDatetime
    level: Level | None = None
    mood: Mood = Mood.PLAIN
    about: str = ""
    blocks: tuple[Block, ...] = ()
    next_step: Line = ""
    link: str | None = None
    answer_link: str | None = Field(default=None, description="acknowledges the incident, once and for a while")
    many: Line = Field(default="", description="the title where several of one matter are told as one, with {count}")
    data: Data = Field(default_factory=dict, description="the same for programs")

    def texts(self) -> Iterator[str]:
        """Every piece of text that a person would read, the title first."""
        yield self.title
        for block in self.blocks:
            match block:
                case Paragraph():
                    yield block.text
                case Facts():
                    yield from (f"{name} {value}" for name, value in block.labelled())
                case Listing():
                    yield from (block.title, *block.lines)
