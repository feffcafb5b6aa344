"""`hypercare correct`: a person's word on what really was, laid over what was sampled."""

from __future__ import annotations

from pathlib import Path

import click

from hypercare.commands.target import load_target, target_option
from hypercare.target_file.target import clock_of
from hypercare.uptime.state import State

_AS_SAMPLED = "as-sampled"


@click.command()
@target_option
@click.option(
    "--reports", type=click.Path(path_type=Path), default=Path("reports"), envvar="HYPERCARE_REPORTS", show_default=True
)
@click.option("--from", "start", required=True, metavar="TIME", help="a day or an instant")
@click.option("--to", "end", required=True, metavar="TIME", help="a day, which counts whole, or an instant")
@click.option(
    "--state",
    required=True,
    type=click.Choice([*(state.value for state in State), _AS_SAMPLED]),
    help=f"what it was; {_AS_SAMPLED} withdraws what was said before",
)
@click.option("--by", required=True, help="who says so")
@click.option("--reason", required=True, help="how that is known")
@click.option("--way", default="", help="one way only: web, api, mobile, database")
@click.option("--branch", default="", help="one branch only")
def correct(
    target_file: Path, reports: Path, start: str, end: str, state: str, by: str, reason: str, way: str, branch: str
) -> int:
    """Say what really was: a dated entry with a name and a reason, which is laid over what was sampled.

    Nothing is overwritten: the samples and what was said before stay on the receipts.
    """
    from hypercare.history.opening import open_history
    from hypercare.review.person import at_the_command_line
    from hypercare.review.trail import write_down
    from hypercare.uptime.overrides import Correction
    from hypercare.uptime_history.arguments import check_known, given_instant
    from hypercare.uptime_history.lines import local_time
    from hypercare.uptime_history.samples import add_correction

    config = load_target(target_file)
    calendar, now = config.business.calendar, clock_of(config)
    try:
        first, last = given_instant(start, calendar), given_instant(end, calendar, is_end=True)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if last <= first:
        raise click.ClickException("it ends before it begins")
    if first > now:
        raise click.ClickException("it begins in the future; announce work to come in [[maintenance]]")
    for name, text in (("--by", by), ("--reason", reason)):
        if not text.strip():
            raise click.ClickException(f"{name} must not be empty")
    new_state = None if state == _AS_SAMPLED else State(state)
    history = open_history(config, reports)
    try:
        check_known(history, config, way, branch)
        zone = calendar.zone
        meant = f"{state} from {local_time(first, zone)} to {local_time(last, zone)}"
        with history.writing():
            add_correction(history, Correction(first, last, new_state, by.strip(), reason.strip(), now, way, branch))
            write_down(history, at_the_command_line(by.strip()), "correct uptime", meant, now)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    finally:
        history.close()
    click.echo(f"Noted: {meant}, says {by.strip()}.")
    return 0
