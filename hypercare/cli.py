"""The command line: `hypercare COMMAND`. Each command stands in hypercare/commands/."""

from __future__ import annotations

import logging
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from hypercare import __version__
from hypercare.history.problem import HistoryProblem
from hypercare.outcome.signals import MonitorFault
from hypercare.own_log import FILE_VARIABLE, VERBOSE_VARIABLE, LogFileProblem, writing
from hypercare.plan.problem import ChecklistProblem
from hypercare.safe_text import SafeStream
from hypercare.target_file.loading import TargetFileProblem

_LOG = logging.getLogger(__name__)
FAILED, OUR_FAULT, BAD_USAGE = 1, 3, 4

# Named as text, so that one command does not load what another needs.
_COMMANDS = {
    "ack": "hypercare.commands.incident_updates:ack",
    "action": "hypercare.commands.annotations:action",
    "adapter": "hypercare.commands.adapter:adapter",
    "attest": "hypercare.commands.annotations:attest",
    "browser": "hypercare.commands.browser:browser",
    "correct": "hypercare.commands.correct:correct",
    "daily": "hypercare.commands.daily:daily",
    "day": "hypercare.commands.day:day",
    "demo": "hypercare.commands.demo:demo",
    "doctor": "hypercare.commands.doctor:doctor",
    "faults": "hypercare.commands.faults:faults",
    "feedback": "hypercare.commands.feedback:feedback",
    "history": "hypercare.commands.history:history",
    "incidents": "hypercare.commands.incidents:incidents",
    "publish": "hypercare.commands.publish:publish",
    "record": "hypercare.commands.record:record",
    "init": "hypercare.commands.init:init",
    "maintenance": "hypercare.commands.maintenance:maintenance",
    "new": "hypercare.commands.new:new",
    "note": "hypercare.commands.incident_updates:note",
    "notify": "hypercare.commands.notify:notify",
    "plan": "hypercare.commands.plan:plan",
    "report": "hypercare.commands.report:report",
    "resolve": "hypercare.commands.incident_updates:resolve",
    "round": "hypercare.commands.round:round_command",
    "runbook": "hypercare.commands.runbook:runbook",
    "setup": "hypercare.commands.setup:setup",
    "serve": "hypercare.commands.serve:serve",
    "sign-off": "hypercare.commands.annotations:sign_off",
    "probe": "hypercare.commands.probe:probe",
    "uptime": "hypercare.commands.uptime:uptime",
    "watch": "hypercare.commands.watch:watch",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        # Its arguments may hold a secret.
        _LOG.info("hypercare %s: the command %s begins", __version__, name)
        return name, command, rest

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, with the own log written for as long as it takes."""
        try:
            with writing(ctx.params.pop("log_file"), ctx.params.pop("verbose")):
                return self._logged(ctx)
        except LogFileProblem as error:
            raise click.UsageError(str(error)) from None

    def _logged(self, ctx: click.Context) -> Any:
        try:
            status = super().invoke(ctx)
        except BaseException as error:
            _LOG.info("the command ends: %s: %s", type(error).__name__, error)
            raise
        _LOG.info("the command ends with status %s", status if isinstance(status, int) else 0)
        return status


def _print_version(ctx: click.Context, _option: click.Parameter, is_asked: bool) -> None:
    if is_asked and not ctx.resilient_parsing:
        from hypercare.shipped.commit import commit

        click.echo(f"hypercare, version {__version__} (commit {commit()})")
        ctx.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="print the version and the commit that it was built from",
)
@click.option(
    "-v",
    "--verbose",
    count=True,
    envvar=VERBOSE_VARIABLE,
    help="say on standard error what is done; -vv says all of it",
)
@click.option(
    "--log-file",
    type=click.Path(path_type=Path),
    envvar=FILE_VARIABLE,
    help="append all that is done to this file, without secrets",
)
def hypercare() -> None:
    """Watches a business system after go-live: every line of the monitoring plan is a test.

    The options here stand before the command: hypercare -v round morning.

    Exit status: 0 all holds, 1 something failed, 3 our own fault, 4 bad configuration or usage.
    """


def main() -> None:
    """Run the command line; every expected trouble is one line on standard error and a documented status."""
    sys.stdout, sys.stderr = SafeStream(sys.stdout), SafeStream(sys.stderr)
    try:
        status = hypercare.main(standalone_mode=False)
        sys.exit(status if isinstance(status, int) else 0)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        _say(error.format_message())
        sys.exit(BAD_USAGE)
    except (TargetFileProblem, ChecklistProblem) as error:
        _say(str(error))
        sys.exit(BAD_USAGE)
    except HistoryProblem as error:
        _say(str(error))
        sys.exit(OUR_FAULT)
    except MonitorFault as error:
        _say(f"{error.reason}. {error.remedy}".strip())
        sys.exit(OUR_FAULT)


def _say(line: str) -> None:
    click.echo(f"hypercare: {line}", err=True)
