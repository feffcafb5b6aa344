"""Backups of the database, each with a manifest that is written last: no manifest, no backup."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from demo_erp.database import reason_of
from demo_erp.errors import SetupProblem
from demo_erp.logs import app_record
from demo_erp.schema import Base
from demo_erp.state import State

KEEP = 6
PG_DUMP_VARIABLE = "ROSEWOOD_PG_DUMP"  # where pg_dump is, if not on the PATH
PG_DUMP_SECONDS = 600
_NAME = re.compile(r"(?P<minute>rosewood-\d{8}-\d{4})(?:-(?P<number>\d+))?\.")


def back_up(state: State, *, at: datetime | None = None) -> Path:
    """Make a backup and return its manifest's path. ``at`` dates it; not given, it is dated by the clock.

    Raises SetupProblem when the database or the folder cannot be used; nothing half-made stays behind.
    """
    started_at = at or state.clock.now()
    suffix = "sqlite" if state.database.file else "dump"
    target = _free_name(state, started_at, suffix)
    draft = target.with_name(f".{target.name}.part")
    try:
        state.backups.mkdir(exist_ok=True)
        tables = _copy_sqlite(state, draft) if state.database.file else _dump_postgresql(state, draft)
        draft.replace(target)
        manifest = {
            "file": target.name,
            "engine": state.database.dialect,
            "started_at": started_at.isoformat(),
            "finished_at": (at or state.clock.now()).isoformat(),
            "bytes": target.stat().st_size,
            "sha256": _sha256(target),
            "tables": tables,
            "status": "complete",
        }
        written = _write_manifest(target, manifest)
    except (OSError, sqlite3.Error, SQLAlchemyError, subprocess.SubprocessError) as problem:
        reason = _reason(problem)
        state.logs.app("ERROR", "demo_erp.backup", f"the backup failed: {reason}", exception=problem)
        raise SetupProblem(f"the backup failed: {reason}") from problem
    finally:
        draft.unlink(missing_ok=True)
    _drop_old(state.backups)
    message = f"backup {target.name} is complete, {manifest['bytes']} bytes"
    state.logs.app_lines.append([app_record(at or state.clock.now(), "INFO", "demo_erp.backup", message)])
    return written


def _free_name(state: State, at: datetime, suffix: str) -> Path:
    """Named after its minute; several within one are told apart by a number at the end, the newest the highest."""
    stem = f"rosewood-{at.astimezone(state.timezone):%Y%m%d-%H%M}"
    taken = [number for minute, number in map(_place, state.backups.glob(f"{stem}*")) if minute == stem]
    number = max(taken, default=0) + 1
    return state.backups / f"{stem if number == 1 else f'{stem}-{number}'}.{suffix}"


def _place(path: Path) -> tuple[str, int]:
    """Where a file stands among the backups: its minute, and its number within it."""
    found = _NAME.match(path.name)
    return (found["minute"], int(found["number"] or 1)) if found else ("", 0)


def _copy_sqlite(state: State, draft: Path) -> dict[str, int]:
    source = sqlite3.connect(f"file:{quote(str(state.database.file))}?mode=rw", uri=True, timeout=30)
    copy = sqlite3.connect(draft)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file that stands alone, without a journal beside it
        # Counted in the copy: work goes on in the original meanwhile.
        return {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in Base.metadata.tables}
    finally:
        copy.close()
        source.close()


def _dump_postgresql(state: State, draft: Path) -> dict[str, int]:
    """Rows are counted in the very snapshot that is dumped."""
    command = [_pg_dump(state), "--format=custom", "--no-password", f"--file={draft}"]
    with state.database.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(select(func.pg_export_snapshot()))
        subprocess.run(
            [*command, f"--snapshot={snapshot}"],
            env=os.environ | _libpq_environment(state),
            check=True,
            capture_output=True,
            timeout=PG_DUMP_SECONDS,
        )
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def _reason(problem: Exception) -> str:
    output = problem.stderr if isinstance(problem, subprocess.CalledProcessError) else None
    return output.decode(errors="replace").strip().splitlines()[0] if output else reason_of(problem)


def _pg_dump(state: State) -> str:
    found = os.environ.get(PG_DUMP_VARIABLE) or shutil.which("pg_dump")
    if found is None:
        missing = f"no backup: pg_dump is not on the PATH; say where it is in {PG_DUMP_VARIABLE}"
        state.logs.app("WARNING", "demo_erp.backup", missing)
        raise SetupProblem(missing)
    return found


def _libpq_environment(state: State) -> dict[str, str]:
    """The way to the server in libpq's own variables: a password on the command line could be seen by others."""
    url = state.database.url
    query = {key: value for key, value in url.query.items() if isinstance(value, str)}
    variables = {
        "PGHOST": query.get("host") or url.host,
        "PGPORT": query.get("port") or (str(url.port) if url.port else None),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": query.get("sslmode"),
    }
    return {name: value for name, value in variables.items() if value}


def _write_manifest(target: Path, manifest: dict[str, Any]) -> Path:
    path = target.with_name(f"{target.name}.json")
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    draft.replace(path)
    return path


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _drop_old(folder: Path) -> None:
    """Keep the newest by their names, which tell their times."""
    manifests = sorted(folder.glob("rosewood-*.json"), key=_place)
    for manifest in manifests[:-KEEP]:
        manifest.unlink(missing_ok=True)
        manifest.with_suffix("").unlink(missing_ok=True)
