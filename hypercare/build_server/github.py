"""GitHub's job summary, and annotations beside the job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.reports.markdown import escaped
from hypercare.reports.summary import ItemResult, Summary
from hypercare.reports.verdict import verdict_of
from hypercare.reports.words import OUTCOME_WORDS, counted, round_words
from hypercare.safe_text import on_terminal, visible

# GitHub shows ten errors and ten warnings of a step, and takes a summary of 1 MiB.
_MOST_OF_A_KIND = 10
_MOST_ROWS = 50
_LONGEST = 600
_ROOM = 900_000
_TOLD = (Outcome.FAILED, Outcome.MONITOR_FAULT, Outcome.FLAKY, Outcome.BLOCKED, Outcome.AWAITING)


def summary_file(environment: Mapping[str, str]) -> Path | None:
    """Where a job's summary is written; None where no GitHub runs the round."""
    named = environment.get("GITHUB_STEP_SUMMARY")
    return Path(named) if named else None


def runs_here(environment: Mapping[str, str]) -> bool:
    return environment.get("GITHUB_ACTIONS") == "true"


def add_to_summary(file: Path, summary: Summary, link: str | None) -> None:
    """Raises OSError: it cannot be written. What would be more than GitHub takes is left out."""
    text = job_summary(summary, link)
    size = file.stat().st_size if file.exists() else 0
    if size + len(text.encode("utf-8")) <= _ROOM:
        with file.open("a", encoding="utf-8") as opened:
            opened.write(text)


def job_summary(summary: Summary, link: str | None) -> str:
    """The verdict and what needs attention, as Markdown. Strings of the target are escaped."""
    return "\n".join(_lines(summary, link)) + "\n\n"


def workflow_commands(summary: Summary) -> Iterator[str]:
    """A workflow command for each item that failed or could not be judged, the weightiest first.

    The lines are commands to GitHub, and must reach its log as they are.
    """
    kinds = {"error": 0, "warning": 0}
    for item in _attention(summary):
        if item.outcome not in {Outcome.FAILED, Outcome.MONITOR_FAULT}:
            continue
        kind = "error" if item.outcome is Outcome.FAILED and item.level is Level.L3 else "warning"
        kinds[kind] += 1
        if kinds[kind] <= _MOST_OF_A_KIND:
            title = f"{item.level.value} {item.words or item.id}"
            yield f"::{kind} title={_property(title)}::{_message(item.sentence or OUTCOME_WORDS[item.outcome])}"


def _lines(summary: Summary, link: str | None) -> Iterator[str]:
    verdict = verdict_of(summary)
    yield f"## {verdict.headline}"
    of = f"{round_words(summary.round)} · day {summary.day} · {summary.as_of:%d %b %Y %H:%M}"
    yield f"\n{escaped(summary.target)} · {of}"
    yield f"\n{escaped(verdict.text)}\n"
    for answer in verdict.answers:
        yield f"- **{escaped(answer.question)}** {escaped(answer.short)}. {escaped(_cut(answer.text))}"
    if link:
        yield f"\n[Open the report]({link})"
    told = _attention(summary)
    if told:
        yield "\n| level | outcome | item | what was found |\n|---|---|---|---|"
        for item in told[:_MOST_ROWS]:
            words = (item.level.value, OUTCOME_WORDS[item.outcome], item.words or item.id, item.sentence)
            yield f"| {' | '.join(escaped(_cut(word)) for word in words)} |"
        if len(told) > _MOST_ROWS:
            yield f"\nAnd {counted(len(told) - _MOST_ROWS, 'item')} more."


def _attention(summary: Summary) -> list[ItemResult]:
    found = [item for item in summary.items if item.outcome in _TOLD]
    return sorted(found, key=lambda item: (_TOLD.index(item.outcome), -list(Level).index(item.level)))


def _cut(text: str) -> str:
    line = " ".join(visible(text).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _message(text: str) -> str:
    return on_terminal(_cut(text), begins_line=False).replace("%", "%25")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
