"""`hypercare serve`: the reports over the network, and what reviewers do about them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hypercare.commands.people import of_target
from hypercare.commands.target import load_target
from hypercare.history.opening import open_history
from hypercare.history.store import History
from hypercare.plan.checklist import plan_of
from hypercare.serve.accounts import AccountProblem, Accounts
from hypercare.serve.passwords import LEAST_LENGTH
from hypercare.serve.reach import Reach
from hypercare.serve.server import listening, require_server, server
from hypercare.serve.site import Site
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.loading import check_secrets
from hypercare.target_file.sections.serve import ServeSection

# Whoever taps on a page does not wait as long as a round does.
_WAIT_S = 5.0
_OFF = (
    "nothing is served unless the target file says so. Write for instance:\n"
    '[serve]\n[[serve.users]]\nname = "Sara"\nrole = "reviewer"\n'
    "and then: hypercare serve --add-user Sara"
)


@click.command()
@click.option("--add-user", metavar="NAME", help="ask for the password of a user of the target file, and end")
@click.option("--remove-user", metavar="NAME", help="take a user's password and sessions away, and end")
@click.option("--project", type=click.Path(path_type=Path), default=Path(), help="where the checklist is")
@of_target
def serve(add_user: str | None, remove_user: str | None, project: Path, target_file: Path, reports: Path) -> int:
    """Show the reports to whoever logs in, and let reviewers acknowledge, note, resolve, answer and sign, on a phone.

    It needs a section [serve] in the target file, and listens on this machine alone unless that says otherwise. It
    stops on SIGTERM or Ctrl-C.
    """
    config = load_target(target_file)
    if config.serve is None:
        raise click.ClickException(_OFF)
    history = open_history(config, reports, wait_s=_WAIT_S)
    accounts = Accounts(history, config.serve)
    if add_user is not None:
        return _add(accounts, add_user)
    if remove_user is not None:
        there = accounts.remove_password(remove_user)
        click.echo(f"{remove_user} cannot log in any more." if there else f"{remove_user} could not log in before.")
        return 0
    check_secrets(config)
    require_server()
    if config.rounds.checklist is None:
        config.go_by(plan_of(project))
    return _serve(config, config.serve, history, reports)


def _serve(config: TargetConfig, section: ServeSection, history: History, reports: Path) -> int:
    for name in Accounts(history, section).without_password():
        click.echo(f"hypercare: {name} has no password yet: hypercare serve --add-user {name!r}", err=True)
    taken = listening(section.address, section.port)
    port = taken.getsockname()[1]
    site = Site(config, section, history, reports, config.plan, Reach.of(section, port))
    host = f"[{section.address}]" if ":" in section.address else section.address

    def started() -> None:
        for_others = f", for others {section.public_url}/" if section.public_url else ""
        click.echo(f"Serving {config.target.name} on http://{host}:{port}/{for_others}. Ctrl-C stops it.")
        sys.stdout.flush()

    try:
        server(site, started).run(sockets=[taken])
    finally:
        taken.close()
        history.close()
    return 0


def _add(accounts: Accounts, name: str) -> int:
    try:
        if accounts.role_of(name) is None:
            accounts.set_password(name, "")  # says what is missing before anything is typed
        accounts.set_password(name, _password(name))
    except AccountProblem as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{name} can log in. Sessions from before have ended.")
    return 0


def _password(name: str) -> str:
    """Typed twice and not shown; or the first line of what another program gives."""
    if sys.stdin.isatty():
        words = f"Password of {name}, at least {LEAST_LENGTH} characters"
        return str(click.prompt(words, hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")
