"""Loading a dump into an empty scratch database, by the engine's own client program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from hypercare.backups.backup import Unrestorable
from hypercare.backups.kinds import BackupKind
from hypercare.backups.program import Ran, feed, program, run
from hypercare.backups.scratch_server import Scratch
from hypercare.backups.scripts import breaks_off, mysql_lines, postgresql_lines
from hypercare.database.engine import APPLICATION
from hypercare.outcome.signals import MonitorFault, NotCovered

_PG_OLD = ("unsupported version", "server version mismatch", "aborting because of server version")
_NOT_ALLOWED = ("must be owner", "must be superuser", "permission denied", "access denied", "must have create")
_MYSQL_OTHER_KIND = ("unknown collation", "unknown character set", "unknown system variable", "unknown storage engine")
_UNKNOWN_SETTING = "unrecognized configuration parameter"
_DUMPED_FROM = re.compile(rb"Dumped from database version:? (?P<version>\d+)")
_PG_CLIENT = "Install PostgreSQL's client programs."
_MYSQL_CLIENT = "Install MariaDB's or MySQL's client programs."


def load_postgresql(path: Path, kind: BackupKind, url: URL, live: str, timeout: timedelta) -> None:
    """Load an archive or a script into the database of `url`; `live` is the name of the database that is meant.

    Raises:
        Unrestorable: it does not load.
        NotCovered: we lack the program or the right, or the script does more than build tables.
        MonitorFault: our program is too old, or time does not suffice.
    """
    environment = _postgresql_settings(url)
    version, settings = _server(url, "SELECT name FROM pg_settings")
    if kind is BackupKind.POSTGRESQL_SCRIPT:
        words = [program("psql", remedy=_PG_CLIENT), "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]
        words += ["--dbname", str(url.database), "--file", "-"]
        ran = feed(words, postgresql_lines(path, live, settings), timeout, environment=environment)
    else:
        words = [program("pg_restore", remedy=_PG_CLIENT), "--no-owner", "--no-privileges"]
        words += ["--no-tablespaces", "--no-publications", "--no-subscriptions", "--dbname", str(url.database)]
        ran = run([*words, "--exit-on-error", str(path)], timeout, environment=environment)
        if ran.status != 0 and _UNKNOWN_SETTING in ran.complaint:
            # A newer program sets what this server does not know; all else must hold.
            ran = _only_of_settings(run([*words, str(path)], timeout, environment=environment))
    if any(old in ran.complaint for old in _PG_OLD):
        raise MonitorFault(
            f"our {Path(words[0]).name} is older than the backup ({ran.complaint.splitlines()[0]})",
            remedy="Install a newer PostgreSQL client.",
        )
    if ran.status != 0:
        _require_no_newer_server(path, kind, version, ran)
    _judge(ran, kind is BackupKind.POSTGRESQL_SCRIPT and _is_cut(path))


def _server(url: URL, names: str) -> tuple[int, set[str]]:
    """The main version of the server, and the names that it gives; none where it does not tell."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            values = {str(row[0]) for row in connection.execute(text(names))}
            return int((connection.dialect.server_version_info or (0,))[0]), values
    except SQLAlchemyError:
        return 0, set()  # whatever is wrong with it, the restore itself will tell
    finally:
        engine.dispose()


def _only_of_settings(ran: Ran) -> Ran:
    errors = [line for line in ran.complaint.splitlines() if "error:" in line.lower() and _UNKNOWN_SETTING not in line]
    return ran if errors else replace(ran, status=0)


def _require_no_newer_server(path: Path, kind: BackupKind, version: int, ran: Ran) -> None:
    """What a newer server dumped need not load into an older one, and that is not the backup's fault."""
    if kind is BackupKind.POSTGRESQL_SCRIPT:
        with path.open("rb") as file:
            head = file.read(4096)
    else:
        head = run([program("pg_restore", remedy=_PG_CLIENT), "--list", str(path)], timedelta(minutes=1)).output[:4096]
    dumped = _DUMPED_FROM.search(head)
    if dumped is not None and version and int(dumped["version"]) > version:
        raise MonitorFault(
            f"the scratch server is of version {version}, and the backup of {int(dumped['version'])}"
            f" ({_error_in(ran.complaint)})",
            remedy="Name a server of the same version as [backups] scratch.",
        )


def _is_cut(path: Path) -> bool:
    with path.open("rb") as file:
        is_cluster = b"PostgreSQL database cluster dump" in file.read(4096)
    begins = b"PostgreSQL database cluster dump" if is_cluster else b"PostgreSQL database dump"
    return breaks_off(path, begins, begins + b" complete")


def load_mysql(path: Path, scratch: Scratch, live: str, folder: Path, timeout: timedelta) -> None:
    """Load a script into a scratch database; `folder` is for the client's settings. Raises as load_postgresql."""
    client = program("mariadb", "mysql", remedy=_MYSQL_CLIENT)
    settings = folder / "client.cnf"
    settings.touch(mode=0o600)
    settings.write_text("\n".join(_mysql_settings(scratch)) + "\n", encoding="utf-8")
    words = [client, f"--defaults-file={settings}", "--batch", "--binary-mode", "--max-allowed-packet=1G"]
    _, collations = _server(scratch.url, "SHOW COLLATION")
    ran = feed([*words, str(scratch.url.database)], mysql_lines(path, live, collations), timeout)
    if ran.status != 0 and any(other in ran.complaint.lower() for other in _MYSQL_OTHER_KIND):
        raise MonitorFault(
            f"the scratch server is not of the kind or version that was dumped ({_error_in(ran.complaint)})",
            remedy="Name a server of the same kind and version as [backups] scratch.",
        )
    _judge(ran, breaks_off(path, b" dump ", b"-- Dump completed"))


def _judge(ran: Ran, is_cut: bool) -> None:
    if ran.status == 0 and not is_cut:
        return
    error = _error_in(ran.complaint)
    if ran.status != 0 and any(words in error.lower() for words in _NOT_ALLOWED):
        raise NotCovered(
            f"our user may not restore all of it ({error})",
            remedy="Give it the right, or name a server where it has it as [backups] scratch.",
        )
    raise Unrestorable(f"it does not restore: {error}", ran.complaint[:2000])


def _error_in(complaint: str) -> str:
    lines = (
        [line for line in complaint.splitlines() if "error" in line.lower()]
        or complaint.splitlines()
        or ["it breaks off"]
    )
    return lines[0].strip()[:200]


def _postgresql_settings(url: URL) -> dict[str, str]:
    # By environment, so that no password stands in the list of processes.
    host = url.host or url.query.get("host", "")
    port = url.port or url.query.get("port")
    settings = {"PGUSER": url.username, "PGPASSWORD": url.password, "PGHOST": host, "PGPORT": port}
    for option in ("sslmode", "sslrootcert", "sslcert", "sslkey"):
        settings["PG" + option.upper()] = url.query.get(option)
    return {
        "PGCONNECT_TIMEOUT": "10",
        "PGAPPNAME": APPLICATION,
        **{name: str(value) for name, value in settings.items() if value},
    }


def _mysql_settings(scratch: Scratch) -> Iterator[str]:
    url = scratch.url
    yield "[client]"
    if scratch.is_quiet:
        yield 'init-command="SET SESSION sql_log_bin = 0"'
    socket = url.query.get("unix_socket")
    options = {"user": url.username, "password": url.password, "host": url.host, "port": url.port, "socket": socket}
    for option in ("ssl_ca", "ssl_cert", "ssl_key"):
        options[option.replace("_", "-")] = url.query.get(option)
    for name, value in options.items():
        if value:
            escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
            yield f'{name}="{escaped}"'
