"""`hypercare init`: look at a database and an API that nobody has described, and propose a whole target file."""

from __future__ import annotations

import re
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

if TYPE_CHECKING:
    from hypercare.init.api_description import ApiProposal
    from hypercare.init.proposal import Proposal

_HOLDS_A_SECRET = re.compile(r"passw|passphrase|pwd|secret|token|odbc_connect", re.IGNORECASE)
_WITHIN = timedelta(seconds=10)


@click.command()
@click.option("--database", "database_url", metavar="URL", help="SQLAlchemy address of the database")
@click.option("--api", metavar="URL|FILE", help="address of the API or of its description, or that in a file")
@click.option("--web", metavar="URL", help="where people log in")
@click.option("--out", type=click.Path(path_type=Path), help="where to write it (default: print it)")
@click.option("--force", is_flag=True, help="write over a file that is there")
@click.option("--no-questions", is_flag=True, help="ask nothing, even on a terminal")
def init(
    database_url: str | None, api: str | None, web: str | None, out: Path | None, force: bool, no_questions: bool
) -> int:
    """Propose a target file. Reads only: the catalogue, and a few hundred rows of the tables that matter."""
    if database_url is None and api is None and web is None:
        raise click.UsageError("give at least one of --database, --api and --web")
    if out is not None and out.exists() and not force:
        raise click.ClickException(f"{out} is there already; name another, or add --force")
    asks = sys.stdin.isatty() and sys.stderr.isatty() and not no_questions
    text, found = proposed_target(database_url, api, web, asks=asks)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        click.echo(f"{out}: {found} entities proposed. Next: hypercare doctor --target {out}")
    return 0


def proposed_target(
    database_url: str | None, api: str | None, web: str | None, *, name: str = "", asks: bool = False
) -> tuple[str, int]:
    """The text of a target file for these addresses, and how many entities it maps.

    `name` is what the system is called where nobody is asked.

    Raises:
        click.ClickException: what is named cannot be looked at.
    """
    from hypercare.init.asking import ask, guessed_facts
    from hypercare.init.verification import left_out_what_fails
    from hypercare.init.writing import target_file

    for option, address in (("--web", web), ("--api", api)):
        _require_no_user(option, address)
    url = _address(database_url) if database_url else None
    proposal, first_day = _proposed(url) if url is not None else (None, None)
    facts = guessed_facts(url, first_day)
    facts.name, facts.web_url = name or facts.name, web
    if api is not None:
        facts.api = _described(api)
    if url is not None:
        facts.needs_password = url.password is not None
        facts.database_url = url.set(password=None).render_as_string() if url.password else url.render_as_string()
    if asks:
        ask(facts, proposal)
    if proposal is not None and url is not None:
        left_out_what_fails(facts, proposal, url)
    return target_file(facts, proposal), 0 if proposal is None else len(proposal.entities)


def _require_no_user(option: str, address: str | None) -> None:
    """Raises UsageError where an address would carry a password into the target file."""
    if address is not None and "@" in urlsplit(address).netloc:
        raise click.UsageError(
            f"{option} holds a user of the address, which would be written into the target file; leave it out, and say "
            "in [[accounts]] who logs in"
        )


def _address(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        raise click.UsageError(
            # Not said again: what cannot be understood may hold a password.
            "what was given is no address of a database; write for instance postgresql://user@host/name or "
            "sqlite:///file.db"
        ) from None
    secret = next((name for name in url.query if _HOLDS_A_SECRET.search(name)), None)
    if secret is not None:
        raise click.UsageError(
            f"the address of the database holds a secret in its query ({secret}), which would be written into the "
            "target file; write it as user:password@host, and the file will name an environment variable in its place"
        )
    if url.get_backend_name() == "sqlite" and url.database:
        path = Path(url.database).expanduser().absolute()
        if not path.is_file():
            raise click.ClickException(f"there is no file {path}")
        return url.set(database=str(path))
    return url


def _proposed(url: URL) -> tuple[Proposal, date | None]:
    from hypercare.database.engine import make_engine
    from hypercare.database.sqlite_reading import SteadyReading
    from hypercare.init.building import first_day_of, propose

    is_file = url.get_backend_name() == "sqlite" and url.database
    copies = Path(tempfile.gettempdir()) / "hypercare"
    reading = SteadyReading(Path(str(url.database)), copies, _WITHIN) if is_file else None
    engine = make_engine(url, _WITHIN, reading)
    try:
        with engine.connect() as connection:
            proposal = propose(connection)
            return proposal, first_day_of(connection, proposal)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise click.ClickException(f"the database cannot be looked at: {reason}") from None
    finally:
        engine.dispose()
        if reading is not None:
            reading.close()


def _described(api: str) -> ApiProposal:
    from hypercare.init.api_description import NoDescription, described

    try:
        return described(api)
    except NoDescription as error:
        raise click.ClickException(str(error)) from None
