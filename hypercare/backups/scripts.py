"""What of a dump's script may be run: what builds one database's tables, and nothing that leads out of the scratch one.

A script may connect to the live database, drop it and make it anew, or change the whole server. Only the part of the
database that is meant is let through, without owners, rights, triggers and events; a script that does anything else
is not run at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from hypercare.backups.backup import Unrestorable
from hypercare.outcome.signals import NotCovered

_TAIL = 4096


class _Section:
    """Which database the lines belong to. `name` is None in a script that names none."""

    def __init__(self, name: str | None) -> None:
        self.name = name
        self.current: str | None = None

    @property
    def is_meant(self) -> bool:
        return self.name is None or self.current == self.name


def _chosen_name(named: Iterable[str], live: str) -> str | None:
    """The live database's part of a script; where it names another one only, that one's."""
    names = list(dict.fromkeys(named))
    own = [name for name in names if name not in _SYSTEM_DATABASES]
    return live if live in names else (own or names or [None])[0]  # type: ignore[list-item]


_SYSTEM_DATABASES = {"template1", "postgres", "mysql", "sys", "performance_schema", "information_schema"}

# -- PostgreSQL ----------------------------------------------------------------------------------------------------

_CONNECT = re.compile(rb"\\c(?:onnect)?\s+(?:-\S+\s+)*(?P<name>\"(?:[^\"]|\"\")+\"|[^\s\"]+)")
_BY_NAME = re.compile(rb"dbname='?(?P<name>[^'\"\s]+)")
# What is dropped is not there in an empty database, but for the schema that every one begins with.
_PG_LEFT_OUT = re.compile(
    rb"(?:CREATE|DROP|ALTER|COMMENT ON|SECURITY LABEL .*? ON) (?:DATABASE|ROLE|USER|TABLESPACE)\b|"
    rb"(?:CREATE|DROP|ALTER|COMMENT ON) (?:SUBSCRIPTION|PUBLICATION|EVENT TRIGGER)\b|"
    rb"GRANT |REVOKE |ALTER DEFAULT PRIVILEGES|ALTER .* OWNER TO .*;|SET default_tablespace = [^'\s]|"
    rb"COMMENT ON EXTENSION|SET SESSION AUTHORIZATION|ALTER SYSTEM|"
    rb"DROP (?!SCHEMA (?:IF EXISTS )?public;)|ALTER TABLE .* DROP (?:CONSTRAINT|DEFAULT|IDENTITY)\b"
)
_PG_COMMANDS = (b"\\.",)
# They bind a psql to what we look for ourselves, and one that is older does not know them.
_PG_PASSED_OVER = (b"\\restrict", b"\\unrestrict")
_PG_SETTING = re.compile(rb"SET (?:SESSION |LOCAL )?(?P<name>[a-z_]+) ?(?:=|TO) ")


def postgresql_lines(path: Path, live: str, settings: Collection[str] = ()) -> Iterator[bytes]:
    """The lines of a plain dump that build the database; `live` is the name of the one that is meant.

    `settings` are those that the server knows: a newer pg_dump sets some that an older server does not have.

    Raises:
        NotCovered: it gives commands to psql that we do not run.
        Unrestorable: it ends in the middle of a text.
    """
    section = _Section(_chosen_name(_connected(path), live))
    for line, is_data in _read(path):
        if not is_data and line.startswith(b"\\"):
            name = _name_in_connect(line)
            if name is not None:
                section.current = name
                continue
            if line.startswith(_PG_PASSED_OVER):
                continue
            _require_known(line)
        elif not is_data and _is_left_out(line, settings):
            continue
        if section.is_meant:
            yield line


def _is_left_out(line: bytes, settings: Collection[str]) -> bool:
    if _PG_LEFT_OUT.match(line) and line.rstrip().endswith(b";"):
        return True
    found = _PG_SETTING.match(line)
    return bool(settings) and found is not None and found["name"].decode() not in settings


def _connected(path: Path) -> list[str]:
    """The databases that a script connects to. Read to its end before a line of it is run."""
    names = (_name_in_connect(line) for line, is_data in _read(path) if not is_data and line.startswith(b"\\c"))
    return [name for name in names if name is not None]


def _read(path: Path) -> Iterator[tuple[bytes, bool]]:
    """Each line, and whether it begins within data: rows that are copied, or a text that began before it."""
    mark = b""
    with path.open("rb") as file:
        for line in file:
            yield line, bool(mark)
            if mark == _COPY:
                mark = b"" if line.rstrip(b"\r\n") == b"\\." else _COPY
            elif not mark and line.startswith(b"COPY ") and line.rstrip().lower().endswith(b"from stdin;"):
                mark = _COPY
            else:
                mark = _open_after(line, mark)
    if mark:
        raise Unrestorable("it does not restore: it breaks off in the middle of a text")


_COPY = b"\\."
_OPENS = re.compile(rb"--.*|\"[^\"]*\"|'|\$(?:[A-Za-z_]\w*)?\$")


def _open_after(line: bytes, mark: bytes) -> bytes:
    """What closes the text that is open at the end of a line; nothing when none is."""
    at = 0
    while True:
        if mark:
            end = line.find(mark, at)
            if end < 0:
                return mark
            at, mark = end + len(mark), b""
        found = _OPENS.search(line, at)
        if found is None:
            return b""
        at = found.end()
        mark = found.group() if found.group()[:1] in b"'$" else b""


def _name_in_connect(line: bytes) -> str | None:
    found = _CONNECT.match(line)
    if found is None:
        return None
    named = _BY_NAME.search(line) if b"dbname=" in line else None
    raw = (named or found)["name"].decode("utf-8", "replace")
    return raw[1:-1].replace('""', '"') if raw.startswith('"') else raw


def _require_known(line: bytes) -> None:
    if not line.startswith(_PG_COMMANDS):
        word = line.split()[0].decode("utf-8", "replace")[:40]
        raise _does_more(word)


# -- MySQL ---------------------------------------------------------------------------------------------------------

_USE = re.compile(rb"USE\s+`?(?P<name>(?:[^`;\s]|``)+)`?\s*;", re.IGNORECASE)
_DELIMITER = re.compile(rb"DELIMITER\s+(?P<mark>\S+)", re.IGNORECASE)
_MARKS = re.compile(rb"/\*M?!\d*|\*/")
_DEFINER = re.compile(
    rb"DEFINER\s*=\s*(?:`[^`]*`@`[^`]*`|'[^']*'@'[^']*'|[\w.%-]+@[\w.%-]+|CURRENT_USER(?:\(\))?)", re.IGNORECASE
)
_MYSQL_RUN = re.compile(
    rb"(?:CREATE|DROP|INSERT|REPLACE|LOCK TABLES?|UNLOCK TABLES?|ALTER TABLE|SET|START TRANSACTION|BEGIN|COMMIT|"
    rb"DO SETVAL|SELECT SETVAL|DELIMITER|--|#|;|/\*|\Z)",
    re.IGNORECASE,
)
# Accounts and settings of the server, its replication, and what would run by itself.
_MYSQL_LEFT_OUT = re.compile(
    rb"(?:CREATE|DROP|ALTER)\s+(?:OR\s+REPLACE\s+)?(?:AGGREGATE\s+)?"
    rb"(?:DATABASE|SCHEMA|USER|ROLE|SERVER|TABLESPACE|EVENT|TRIGGER)\b|"
    rb"GRANT\b|REVOKE\b|FLUSH\b|INSTALL\b|UNINSTALL\b|SET\s+(?:@@)?(?:GLOBAL|PERSIST|PERSIST_ONLY)\b|"
    rb"SET\s+(?:@@SESSION\.|SESSION\s+)?SQL_LOG_BIN\b|CHANGE\s+(?:MASTER|REPLICATION)\b|"
    rb"(?:START|STOP|RESET)\s+(?:SLAVE|REPLICA|MASTER|ALL)\b|PREPARE\b|EXECUTE\b|DEALLOCATE\b|SELECT\s+COUNT\(\*\)\s+INTO\b",
    re.IGNORECASE,
)
_NAMES_A_DATABASE = re.compile(
    rb"(?:INSERT\s+(?:IGNORE\s+)?INTO|REPLACE\s+INTO|DROP\s+(?:TABLE|VIEW)(?:\s+IF\s+EXISTS)?|ALTER\s+TABLE|"
    rb"LOCK\s+TABLES?|CREATE\s+(?:TEMPORARY\s+)?TABLE(?:\s+IF\s+NOT\s+EXISTS)?)\s+(?:`[^`]+`|\w+)\s*\.\s*[`\w]",
    re.IGNORECASE,
)
_COLLATION = re.compile(rb"(?:COLLATE\s*=?\s*|collation_connection\s*=\s*)[`']?(?P<name>[a-z0-9]+_\w+)", re.IGNORECASE)
_SANDBOX = re.compile(rb"/\*M?!999999\\- ")


def mysql_lines(path: Path, live: str, collations: Collection[str] = ()) -> Iterator[bytes]:
    """The lines of a dump that build the database; `live` is the name of the one that is meant.

    `collations` are those that the server knows: of any other the text is compared byte by byte, which lets in
    whatever the other one kept apart.

    Raises:
        NotCovered: it does more than build tables, or names its database at each table.
    """
    section = _Section(_chosen_name(_used(path), live))
    mark, starts, runs, creates, is_setting = b";", True, True, False, False
    with path.open("rb") as file:
        for line in file:
            if starts and (_SANDBOX.match(line) or not line.strip()):
                continue
            if starts:
                words = _plain(line)
                used = _USE.match(words)
                if used is not None:
                    section.current = _name_in(used)
                    continue
                # How the script is to be read is said once, before the first database is named.
                meant = section.is_meant or (section.current is None and words[:4].upper() == b"SET ")
                runs, creates = meant and _is_run(words), words[:6].upper() in {b"CREATE", b"ALTER "}
                is_setting = words[:4].upper() == b"SET "
                changed = _DELIMITER.match(words)
                mark = changed["mark"] if changed else mark
                is_remark = words.startswith((b"--", b"#"))
            if runs:
                yield _known_collations(_DEFINER.sub(b"", line), collations) if creates or is_setting else line
            starts = (starts and (bool(changed) or is_remark)) or line.rstrip().endswith(mark)


def _known_collations(line: bytes, collations: Collection[str]) -> bytes:
    def instead(found: re.Match[bytes]) -> bytes:
        name = found["name"].decode()
        if not collations or name in collations or name.partition("_")[2] in collations:
            return found.group()
        charset = name.partition("_")[0]
        plain = next((one for one in (f"{charset}_nopad_bin", f"{charset}_bin") if one in collations), name)
        return found.group().replace(found["name"], plain.encode())

    return _COLLATION.sub(instead, line)


def _plain(line: bytes) -> bytes:
    """The beginning of a statement without its user and the marks of conditional comments."""
    return _MARKS.sub(b" ", _DEFINER.sub(b" ", line[:400])).lstrip()


def _is_run(words: bytes) -> bool:
    if _MYSQL_LEFT_OUT.match(words):
        return False
    if not _MYSQL_RUN.match(words):
        raise _does_more(words.split()[0].decode("utf-8", "replace")[:40])
    if _NAMES_A_DATABASE.match(words):
        raise NotCovered(
            "the script names a database at its tables, so that running it could change the live one",
            remedy="Make the dump without the database's name before each table, as mysqldump and mariadb-dump do.",
        )
    return True


def _used(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        for line in file:
            used = _USE.match(line) if line[:3].upper() == b"USE" else None
            if used is not None:
                yield _name_in(used)


def _name_in(used: re.Match[bytes]) -> str:
    return used["name"].decode("utf-8", "replace").replace("``", "`")


def _does_more(word: str) -> NotCovered:
    return NotCovered(
        f"the script does more than build tables ({word}), so it is not run beside the live database",
        remedy="Name a server of its own as [backups] scratch, or make the dump with pg_dump, mysqldump or "
        "mariadb-dump.",
    )


def breaks_off(path: Path, begins: bytes, ends: bytes) -> bool:
    """Whether a script that says how it begins lacks the line that it ends with: it was cut between two statements."""
    with path.open("rb") as file:
        head = file.read(_TAIL)
        file.seek(max(0, path.stat().st_size - _TAIL))
        return begins in head and ends not in file.read()
