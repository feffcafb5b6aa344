"""`hypercare feedback`: what people think of the system, for the weekly summary."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from hypercare.commands.people import CommandContext, by, of_target, on_day, some_text
from hypercare.period_reports.feedback import Feedback, Kind, add_feedback
from hypercare.review.person import at_the_command_line
from hypercare.review.trail import write_down


@click.command()
@click.argument("text", callback=some_text)
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), required=True)
@by
@on_day
@of_target
def feedback(text: str, kind: str, by: str, day: datetime | None, target_file: Path, reports: Path) -> int:
    """Write down what somebody said of the system: positive, negative, or a suggestion."""
    context = CommandContext(target_file, reports)
    meant = context.day(day)
    with context.history.writing():
        add_feedback(context.history, Feedback(Kind(kind), meant, text, by), context.now)
        write_down(context.history, at_the_command_line(by), "feedback", f"{meant} ({kind})", context.now)
    click.echo(f"Written down for {meant}; `hypercare report week` shows it.")
    return 0
