"""What nobody can read from a database: asked on a terminal, or left as a comment with the likeliest answer."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from sqlalchemy.engine import URL

from hypercare.init.proposal import Proposal
from hypercare.init.writing import Facts
from hypercare.target_file.entities import VOCABULARY

_MOST_ASKED = 12


def guessed_facts(url: URL | None, first_day: date | None) -> Facts:
    """The likeliest answers, each with what to check about it."""
    name = Path(url.database).stem if url is not None and url.database else "my system"
    zone = _our_zone()
    return Facts(
        name=name,
        timezone=zone,
        go_live=first_day or datetime.now(UTC).date(),
        currency="EUR",
        guessed={
            "timezone": "the zone of this machine; which is the business's own?",
            "go_live": "the oldest day among the newest sales; when did it go live?"
            if first_day
            else "when did it go live?",
            "currency": "which one?",
        },
    )


def ask(facts: Facts, proposal: Proposal | None) -> None:
    """Ask a person what only a person knows; an answer is no guess any more."""
    facts.name = click.prompt("What is the system called", default=facts.name)
    facts.timezone = click.prompt("Time zone of the business", default=facts.timezone, value_proc=_zone)
    facts.go_live = click.prompt("Go-live (YYYY-MM-DD)", default=facts.go_live.isoformat(), value_proc=_day)
    facts.currency = click.prompt("Currency", default=facts.currency)
    if facts.web_url is None:
        url = click.prompt("Address of the web app (empty for none)", default="", show_default=False)
        facts.web_url = url if urlsplit(url).scheme in {"http", "https"} else None
    facts.guessed.clear()
    if proposal is not None:
        _ask_words(proposal)


def _ask_words(proposal: Proposal) -> None:
    question_count = 0
    for entity_proposal in proposal.entities.values():
        for one in entity_proposal.fields.values():
            ours = VOCABULARY.get((entity_proposal.entity, one.field))
            if ours is None:
                continue
            for strange in one.unknown:
                if question_count >= _MOST_ASKED:
                    return
                question_count += 1
                answer = click.prompt(
                    f"{entity_proposal.table}.{one.column or one.through} says {strange!r}: "
                    f"{', '.join(ours)}, or nothing",
                    default="",
                    show_default=False,
                )
                if answer in ours:
                    one.values.setdefault(answer, []).append(strange)
                    one.unknown = tuple(other for other in one.unknown if other != strange)
                    if one.held_back == "none of its words is understood":
                        one.held_back = ""


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError):
        raise click.BadParameter(f"there is no time zone {text!r}; write for instance Europe/Berlin") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no day; write for instance 2026-01-08") from None


def _our_zone() -> str:
    link = Path("/etc/localtime")
    found = re.search(r"zoneinfo/(.+)$", str(link.resolve())) if link.exists() else None
    try:
        return ZoneInfo(found[1]).key if found else "UTC"
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"
