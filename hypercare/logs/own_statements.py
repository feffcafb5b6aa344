"""Which records of a database's log tell of our own statements: what we ask in vain is no error of the target."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from hypercare.database.engine import APPLICATION, MARK
from hypercare.logs.record import Record

_USER = re.compile(r"(?:\buser[=: ]\s?[\"']?(?P<named>[\w.-]+)|(?<![\w.-])(?P<at>[\w.-]+)@[\w.\[-])")
_APPLICATION = re.compile(rf"(?<![\w.@-]){APPLICATION}(?![\w.@-])")
_WITHIN = 300


@dataclass(frozen=True)
class OwnStatements:
    """`user` is the name under which the suite asks; `is_own` that others ask under other names."""

    user: str | None = None
    is_own: bool = False
    is_of_a_database: bool = True

    def hold(self, record: Record) -> bool:
        """Whether a record tells of what the suite asked: by application, by our mark in the statement, or by user."""
        if not self.is_of_a_database:
            return False
        if MARK in record.statement or MARK in record.text:
            return True
        application = record.fields.get("application_name")
        if application is not None:
            return str(application) == APPLICATION
        prefix = record.text.partition("\n")[0][:_WITHIN]
        if record.level:
            prefix = prefix.partition(record.level)[0]
        if not record.fields and _APPLICATION.search(prefix):
            return True
        return self.is_own and self.user is not None and self.user in _users(record, prefix)


# Of a log that is none of a database's.
NO_STATEMENTS = OwnStatements(is_of_a_database=False)


def _users(record: Record, prefix: str) -> Iterable[str]:
    named = record.fields.get("user") or record.fields.get("user_name")
    if named is not None:
        return (str(named),)
    return tuple(match["named"] or match["at"] for match in _USER.finditer(prefix))


def own_statements(user: str | None, lines: Iterable[str]) -> OwnStatements:
    """What of a database's log is ours; `lines` are a sample of it, which tells whether others have other names."""
    if not user:
        return OwnStatements()
    users = {match["named"] or match["at"] for line in lines for match in _USER.finditer(line[:_WITHIN])}
    users |= {match[1] for line in lines if (match := re.search(r'"user(?:_name)?"\s*:\s*"([^"]+)"', line))}
    users |= {match[1] for line in lines if (match := re.match(r'[^",]{19,40},"?([\w.-]+)"?,', line))}
    return OwnStatements(user, bool(users - {user, "unknown"}))
