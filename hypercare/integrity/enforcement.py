"""Whether the engine still enforces what is declared, by what its own catalogue says; each costs milliseconds."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, bindparam, text

from hypercare.database.schemas import real_names
from hypercare.outcome.finding import Row

# Each gives rows of (table, constraint, trouble), and none when all is well.
_POSTGRESQL = (
    """SELECT c.conrelid::regclass::text, c.conname,
              CASE c.contype WHEN 'f' THEN 'foreign key' ELSE 'check' END || ' was never validated'
       FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
       WHERE NOT c.convalidated AND c.conrelid <> 0 AND n.nspname !~ '^(pg_|information_schema)'""",
    """SELECT t.tgrelid::regclass::text, coalesce(c.conname, t.tgname), 'is switched off: its trigger does not fire'
       FROM pg_trigger t LEFT JOIN pg_constraint c ON c.oid = t.tgconstraint
       WHERE t.tgisinternal AND t.tgenabled IN ('D', 'R') AND (c.oid IS NULL OR c.conparentid = 0)""",
    """SELECT t.tgrelid::regclass::text, t.tgname, 'is switched off: this trigger does not fire'
       FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid JOIN pg_namespace n ON n.oid = r.relnamespace
       WHERE NOT t.tgisinternal AND t.tgenabled = 'D' AND n.nspname !~ '^pg_'""",
    """SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, 'its unique index is not valid'
       FROM pg_index i WHERE i.indisunique AND NOT (i.indisvalid AND i.indisready)
         AND NOT EXISTS (SELECT 1 FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)""",
    """SELECT coalesce(d.datname, 'all databases'), coalesce(r.rolname, 'all users'),
              'foreign keys are switched off by ' || setting
       FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase
         LEFT JOIN pg_roles r ON r.oid = s.setrole CROSS JOIN LATERAL unnest(s.setconfig) AS setting
       WHERE setting ~* '^session_replication_role=replica'
         AND (d.datname IS NULL OR d.datname = current_database())""",
    """SELECT 'the server', name, 'foreign keys are switched off by session_replication_role=' || reset_val
       FROM pg_settings WHERE name = 'session_replication_role' AND reset_val = 'replica'""",
)
_POSTGRESQL_DOMAINS = """SELECT d.typname, c.conname, 'check of this domain was never validated'
       FROM pg_constraint c JOIN pg_type d ON d.oid = c.contypid JOIN pg_namespace n ON n.oid = d.typnamespace
       WHERE NOT c.convalidated AND n.nspname !~ '^(pg_|information_schema)'"""
_POSTGRESQL_18 = """SELECT c.conrelid::regclass::text, c.conname, 'is declared as not enforced'
       FROM pg_constraint c WHERE NOT c.conenforced AND c.conrelid <> 0"""
_MYSQL = (
    """SELECT 'the server', 'foreign_key_checks', 'foreign keys are switched off for every new session'
       FROM DUAL WHERE @@global.foreign_key_checks = 0""",
    """SELECT 'the server', 'unique_checks', 'unique keys are not checked in every new session'
       FROM DUAL WHERE @@global.unique_checks = 0""",
)
_MARIADB = """SELECT 'the server', 'check_constraint_checks', 'checks are switched off for every new session'
       FROM DUAL WHERE @@global.check_constraint_checks = 0"""
_MYSQL_8 = """SELECT table_name, constraint_name, 'is declared as not enforced'
       FROM information_schema.table_constraints WHERE enforced = 'NO' AND table_schema = DATABASE()"""
_ENGINES_OF_MYSQL = text(
    "SELECT table_name, engine FROM information_schema.tables"
    " WHERE table_schema IN :schemas AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND engine IS NOT NULL"
).bindparams(bindparam("schemas", expanding=True))
_WITHOUT_KEYS = {"MyISAM", "Aria", "MEMORY", "CSV", "ARCHIVE", "MRG_MyISAM"}
_SQL_SERVER = (
    """SELECT OBJECT_NAME(parent_object_id), name, 'foreign key is disabled or not trusted'
       FROM sys.foreign_keys WHERE is_disabled = 1 OR is_not_trusted = 1""",
    """SELECT OBJECT_NAME(parent_object_id), name, 'check is disabled or not trusted'
       FROM sys.check_constraints WHERE is_disabled = 1 OR is_not_trusted = 1""",
)
_ORACLE = (
    """SELECT table_name, constraint_name, 'is ' || LOWER(status) || ' and ' || LOWER(validated)
       FROM user_constraints WHERE constraint_type IN ('C', 'P', 'U', 'R')
         AND (status <> 'ENABLED' OR validated <> 'VALIDATED')""",
)


def not_enforced(
    connection: Connection, relied_on: Iterable[str] = (), schemas: Collection[str | None] = (None,)
) -> list[Row]:
    """Declared constraints that the engine does not enforce now, or did not when their rows were written.

    `relied_on` are the tables that the mapping names. SQLite keeps no such catalogue: each of its sessions decides
    for itself, so its rows are scanned instead.
    """
    found: list[Row] = []
    for question in _questions(connection):
        for table, constraint, trouble in connection.execute(text(question)):
            row = {"table": str(table), "constraint": str(constraint), "trouble": str(trouble)}
            if row not in found:
                found.append(row)
    if connection.dialect.name in {"mysql", "mariadb"}:
        found += _without_keys(connection, relied_on, schemas)
    return found


def _without_keys(connection: Connection, relied_on: Iterable[str], schemas: Collection[str | None]) -> list[Row]:
    """Tables of the business that fell back to an engine which drops every foreign key, while others have one.

    MySQL takes such a declaration without a word and forgets it. Where all tables are of that kind, nobody relies
    on keys, and rules are agreed on instead.
    """
    rows = connection.execute(_ENGINES_OF_MYSQL, {"schemas": real_names(connection, schemas)})
    engines = {str(name): str(engine) for name, engine in rows}
    if "InnoDB" not in engines.values():
        return []
    return [
        {
            "table": name,
            "constraint": f"engine {engines[name]}",
            "trouble": "its engine knows neither foreign keys nor transactions, while that of other tables does",
        }
        for name in sorted(set(relied_on) & set(engines))
        if engines[name] in _WITHOUT_KEYS
    ]


def _questions(connection: Connection) -> tuple[str, ...]:
    kind = connection.dialect.name
    version = connection.dialect.server_version_info or (0,)
    if kind == "postgresql":
        always = (*_POSTGRESQL, _POSTGRESQL_DOMAINS)
        return (*always, _POSTGRESQL_18) if version >= (18,) else always
    if kind in {"mysql", "mariadb"}:
        if kind == "mariadb" or getattr(connection.dialect, "is_mariadb", False):
            return (*_MYSQL, _MARIADB)
        return (*_MYSQL, _MYSQL_8) if version >= (8, 0, 16) else _MYSQL
    return {"mssql": _SQL_SERVER, "oracle": _ORACLE}.get(kind, ())
