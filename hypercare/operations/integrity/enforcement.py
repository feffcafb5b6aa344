"""Whether the engine still enforces what is declared, by what its own catalogue says; each costs milliseconds."""

from __future__ import annotations

from sqlalchemy import Connection, text

from hypercare.target.listed import Row

# Each gives rows of (table, constraint, trouble), and none when all is well.
_POSTGRESQL = (
    """SELECT c.conrelid::regclass::text, c.conname,
              CASE c.contype WHEN 'f' THEN 'foreign key' ELSE 'check' END || ' was never validated'
       FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
       WHERE NOT c.convalidated AND c.conrelid <> 0 AND n.nspname !~ '^(pg_|information_schema)'""",
    """SELECT t.tgrelid::regclass::text, coalesce(c.conname, t.tgname), 'is switched off: its trigger does not fire'
       FROM pg_trigger t LEFT JOIN pg_constraint c ON c.oid = t.tgconstraint
       WHERE t.tgisinternal AND t.tgenabled IN ('D', 'R') AND (c.oid IS NULL OR c.conparentid = 0)""",
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
_POSTGRESQL_18 = """SELECT c.conrelid::regclass::text, c.conname, 'is declared as not enforced'
       FROM pg_constraint c WHERE NOT c.conenforced AND c.conrelid <> 0"""
_MYSQL = (
    """SELECT 'the server', 'foreign_key_checks', 'foreign keys are switched off for every new session'
       FROM DUAL WHERE @@global.foreign_key_checks = 0""",
    """SELECT 'the server', 'unique_checks', 'unique keys are not checked in every new session'
       FROM DUAL WHERE @@global.unique_checks = 0""",
)
_MYSQL_8 = """SELECT table_name, constraint_name, 'is declared as not enforced'
       FROM information_schema.table_constraints WHERE enforced = 'NO' AND table_schema = DATABASE()"""
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


def not_enforced(connection: Connection) -> list[Row]:
    """Declared constraints that the engine does not enforce now, or did not when their rows were written.

    SQLite keeps no such catalogue: each of its sessions decides for itself, so its rows are scanned instead.
    """
    found: list[Row] = []
    for question in _questions(connection):
        for table, constraint, trouble in connection.execute(text(question)):
            row = {"table": str(table), "constraint": str(constraint), "trouble": str(trouble)}
            if row not in found:
                found.append(row)
    return found


def _questions(connection: Connection) -> tuple[str, ...]:
    kind = connection.dialect.name
    version = connection.dialect.server_version_info or (0,)
    if kind == "postgresql":
        return (*_POSTGRESQL, _POSTGRESQL_18) if version >= (18,) else _POSTGRESQL
    if kind in {"mysql", "mariadb"}:
        is_mysql_8 = kind == "mysql" and not getattr(connection.dialect, "is_mariadb", False) and version >= (8, 0, 16)
        return (*_MYSQL, _MYSQL_8) if is_mysql_8 else _MYSQL
    return {"mssql": _SQL_SERVER, "oracle": _ORACLE}.get(kind, ())
