"""`hypercare adapter`: which adapters there are, and whether one keeps its promises."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from hypercare.clients.client import Way
from hypercare.commands.target import load_target, target_option
from hypercare.conformance.ground import Ground
from hypercare.conformance.promise import Ending
from hypercare.conformance.runner import tried_in_turn
from hypercare.outcome.redaction import Redactor
from hypercare.target_file.config import Mode
from hypercare.target_file.known_adapters import known_names
from hypercare.target_file.loading import TargetFileProblem, check_secrets
from hypercare.target_file.target import Target, clock_of

_FAILED = 1


@click.group()
def adapter() -> None:
    """Adapters: how a given system is worked with."""


@adapter.command("list")
def list_adapters() -> int:
    """List the adapters that are built in and those that installed packages bring."""
    for name, place in known_names().items():
        click.echo(f"{name:16} {place}")
    return 0


@adapter.command("test")
@target_option
@click.option("--adapter", "name", help="another adapter than the target file names")
@click.option("--way", type=click.Choice(["api", "web"]), default="api", show_default=True, help="through which client")
@click.option(
    "--reports", type=click.Path(path_type=Path), default=Path("reports"), envvar="HYPERCARE_REPORTS", show_default=True
)
def test(target_file: Path, name: str | None, way: str, reports: Path) -> int:
    """Try each promise of the client protocol on a real target, on its canary, and undo all of it.

    One line a promise with the time it took. Status 0: none is broken; 1: one is; 4: the target file cannot be used.
    """
    config = load_target(target_file, adapter=name)
    check_secrets(config)
    if config.target.mode is not Mode.TRANSACT:
        raise TargetFileProblem(
            f'{target_file}: an adapter is tried by trial sales on the canary; set [target] mode = "transact"'
        )
    state = reports.absolute() / ".state" / config.key
    state.mkdir(parents=True, exist_ok=True)
    redactor = Redactor()
    target = Target(config, state, clock_of(config), redactor)
    counts = dict.fromkeys(Ending, 0)
    with ExitStack() as stack:
        ground = Ground(target, _way(way, target, stack))
        stack.callback(ground.close)
        for result in tried_in_turn(ground):
            counts[result.ending] += 1
            click.echo(redactor.text(result.line))
    click.echo(
        f"{', '.join(f'{count} {ending}' for ending, count in counts.items())} of {sum(counts.values())} promises"
    )
    return 0 if counts[Ending.HOLDS] and not counts[Ending.BROKEN] else _FAILED


def _way(name: str, target: Target, stack: ExitStack) -> Way:
    if name == "api":
        from hypercare.api.api import Api

        api = Api(target)
        stack.callback(api.close)
        return api
    from hypercare.browser.browser import Browser
    from hypercare.browser.local_certificate_keys import keys_only_known_here
    from hypercare.web.web import Web

    browser = Browser(lambda: keys_only_known_here(target.config))
    stack.callback(browser.close)
    return Web(target, browser)
