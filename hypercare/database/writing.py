"""Whether a database may be written by whoever works with it, told without writing to it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from hypercare.database.database import Database
from hypercare.database.disk_space import MYSQL, DatabaseLook, folder_of, shown_by_name, unknown_to_us
from hypercare.outcome.finding import Row
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered

# What PostgreSQL calls the origin of a setting that holds for our role or our connection only.
_OURS_ALONE = {"user", "database user", "client"}
_SET_FOR_THE_DATABASE = """
    SELECT 1 FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
    WHERE d.datname = current_database() AND s.setrole = 0
    AND s.setconfig && ARRAY['default_transaction_read_only=on', 'default_transaction_read_only=true',
                             'default_transaction_read_only=yes', 'default_transaction_read_only=1']"""
_READ_ONLY_SETTINGS = (
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN"
    " ('read_only', 'super_read_only', 'innodb_read_only', 'tx_read_only', 'transaction_read_only')"
)
_OF_COPIES = "SHOW GLOBAL STATUS WHERE Variable_name IN ('Slaves_running', 'Replicas_running', 'Slave_running')"
_OF_GROUPS = (
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('aurora_version', 'group_replication_group_name', 'gtid_slave_pos')"
)


def kept_from_writing(database: Database) -> DatabaseLook:
    """What would make the application's next write fail, as far as it can be seen."""
    if database.file is not None:
        return DatabaseLook(Found.of_rows(_read_only_file(database.file), where=database.address))
    if database.dialect not in {"postgresql", *MYSQL}:
        # That it answers at all is seen on the way.
        database.value(text("SELECT 1 FROM DUAL" if database.dialect == "oracle" else "SELECT 1"))
        gap = unknown_to_us(database, "Whether it may be written")
        return DatabaseLook(Found(count=0, where=database.address), [gap])
    unseen: list[NotCovered] = []
    with database.snapshot() as connection, database.translating():
        ask = _read_only_postgresql if database.dialect == "postgresql" else _read_only_mysql
        rows = list(ask(connection, unseen))
        folder = folder_of(database, connection)
    if folder is not None and _is_mounted_read_only(folder):
        rows.append({"what": str(folder), "trouble": "its disk is mounted read-only"})
    return DatabaseLook(Found.of_rows(rows, where=database.address), unseen)


def _read_only_file(file: Path) -> Iterator[Row]:
    try:
        mode, folder = file.stat().st_mode, file.parent.stat().st_mode
        mounted_read_only = _is_mounted_read_only(file.parent)
    except OSError:
        return  # a file that is gone is told by the way in itself
    # The owner's rights count, not ours: the monitor should not be able to write here at all.
    if not mode & stat.S_IRUSR:
        yield {"what": file.name, "trouble": "its owner may not read it"}
    elif not mode & stat.S_IWUSR:
        yield {"what": file.name, "trouble": "it is read-only"}
    if mounted_read_only:
        yield {"what": str(file.parent), "trouble": "its disk is mounted read-only"}
    elif not folder & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        yield {"what": str(file.parent), "trouble": "nobody may write in this folder, where its journal has to be made"}


def _is_mounted_read_only(folder: Path) -> bool:
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _read_only_postgresql(connection: Connection, unseen: list[NotCovered]) -> Iterator[Row]:
    if connection.execute(text("SELECT pg_is_in_recovery()")).scalar():
        unseen.append(_only_a_copy("We look at a copy that follows another server"))
        return
    # Our own session is read-only by our own wish. What it would be without, and where that comes from, is shown once
    # the wish is taken back, for the rest of a transaction that has begun and only reads.
    connection.execute(text("SET LOCAL default_transaction_read_only TO DEFAULT"))
    value, origin = connection.execute(
        text("SELECT setting, source FROM pg_settings WHERE name = 'default_transaction_read_only'")
    ).one()
    if origin not in _OURS_ALONE:
        if value == "on":
            yield {"what": "the server", "trouble": f"every new transaction is read-only (by the {origin})"}
    elif connection.execute(text(_SET_FOR_THE_DATABASE)).first() is not None:
        yield {"what": "the database", "trouble": "every new transaction is read-only (by the database)"}
    elif value == "on":
        unseen.append(
            NotCovered(
                "Our user only reads by a setting of its own, which hides whether the server lets others write.",
                remedy="Take it back (ALTER ROLE ... RESET default_transaction_read_only): our sessions only read by"
                " their own wish, and a user with SELECT alone cannot write either.",
            )
        )


def _read_only_mysql(connection: Connection, unseen: list[NotCovered]) -> Iterator[Row]:
    settings = shown_by_name(connection, _READ_ONLY_SETTINGS)
    on = [name for name, value in settings.items() if value.upper() not in {"0", "OFF"}]
    if not on:
        return
    is_copy = _is_a_copy(connection)
    if is_copy:
        unseen.append(_only_a_copy("We look at a copy that follows another server"))
    elif is_copy is None:
        unseen.append(
            NotCovered(
                f"The server is set to read-only ({on[0]}), as a copy that follows another server should be; whether"
                " it is one is not ours to see.",
                remedy="GRANT REPLICATION CLIENT ON *.* (MariaDB: GRANT REPLICA MONITOR) to our user, or "
                "name the server"
                " that the application writes to as [database] url.",
            )
        )
    else:
        yield from ({"what": "the server", "trouble": f"it is set to read-only ({name})"} for name in on)


def _is_a_copy(connection: Connection) -> bool | None:
    """Whether the server follows another, as copies do that are read-only on purpose; None when that cannot be told."""
    if any(value.upper() not in {"", "0", "OFF"} for value in shown_by_name(connection, _OF_COPIES).values()):
        return True
    groups = shown_by_name(connection, _OF_GROUPS)
    if groups.get("aurora_version"):
        return True
    if groups.get("group_replication_group_name"):
        return None
    for question in ("SHOW REPLICA STATUS", "SHOW SLAVE STATUS"):
        try:
            return connection.execute(text(question)).first() is not None
        except DBAPIError:
            continue  # it may not be asked by us, or this version calls it by the other name
    # MariaDB shows everybody how far a server has ever followed another.
    return False if groups.get("gtid_slave_pos") == "" else None


def _only_a_copy(what: str) -> NotCovered:
    return NotCovered(
        f"{what}: whether that one may be written cannot be seen here.",
        remedy="Name the server that the application writes to as [database] url.",
    )
