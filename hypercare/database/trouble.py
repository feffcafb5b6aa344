"""What a database's error means: it is down, too slow, lacks a table, keeps us out, or cannot say this one thing.

Only what is known to be an outage is one. Whatever else an engine or its driver says of a question concerns that
question alone.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from sqlalchemy.engine import URL

from hypercare.outcome.durations import rounded_duration
from hypercare.outcome.finding import Finding
from hypercare.outcome.signals import ChannelDown, CheckFailed, MonitorFault, NotCovered, Signal

TABLE_MISSING = "table-missing"

# SQLSTATE of PostgreSQL, error number of MySQL and MariaDB, or words of the message where there is neither.
_TOO_SLOW = re.compile(r"\A57014|\A55P03|\A(?:3024|1969|1205|1317)\b|interrupted|statement timeout", re.IGNORECASE)
_NO_TABLE = re.compile(r"\A42P01|\A1146\b|no such table|invalid object name|ORA-00942", re.IGNORECASE)
_NO_COLUMN = re.compile(r"\A42703|\A1054\b|no such column|has no column|invalid column name|ORA-00904", re.IGNORECASE)
_PERMISSION_DENIED = re.compile(
    r"\A42501|\A(?:1142|1143|1227|1370)\b|permission denied for|permission was denied|ORA-01031", re.IGNORECASE
)
_CREDENTIALS_REFUSED = re.compile(
    r"\A28P01|\A28000|\A(?:1044|1045|1698|3118|4151)\b|password authentication failed|no pg_hba|access denied|"
    r"login failed for user|ORA-01017|ORA-28000",
    re.IGNORECASE,
)
_HOST_REFUSED = re.compile(r"\A(?:1129|1130)\b")
_OUR_DRIVER = re.compile(r"cannot be imported|package is required", re.IGNORECASE)
_IDLE_TRANSACTION_ENDED = re.compile(r"\A25P03|idle-in-transaction")
_NO_SUCH_HOST = re.compile(r"resolve host|translate host|name or service not known|getaddrinfo", re.IGNORECASE)
_INVALID_STATEMENT = re.compile(
    r"\A42(601|702|803)\b|\A(?:1052|1055|1064|1193)\b|syntax error|ambiguous column|misuse of|"
    r"wrong number of arguments|does not match|is not a MariaDB variant|ORA-00933|ORA-00936",
    re.IGNORECASE,
)
# What an engine cannot do with values of these types, and what it cannot read as one: mostly our question's fault.
_TYPES_DO_NOT_FIT = re.compile(r"\A22(P02|007|008)\b|\A(?:1690)\b")
_DAMAGED = re.compile(
    r"\AXX001|\AXX002|\A(?:1034|1035|1194|1195|1712|1877|1932)\b|\bgot error (?:126|127|134|144|145)\b|"
    r"marked as crashed|malformed(?! JSON)|not a database|disk I/O error|file is encrypted|ORA-01578",
    re.IGNORECASE,
)
# Why a server that is there lets nobody in, in the words that follow "The database at host:port".
_WHY_DOWN = (
    (
        re.compile(
            r"\A53300|\A(?:1040|1203|1226)\b|too many clients|remaining connection slots|ORA-00020", re.IGNORECASE
        ),
        "has no connection left",
    ),
    (re.compile(r"\A3D000|\A1049\b|database .* does not exist|cannot open database", re.IGNORECASE), "{name}"),
    (
        re.compile(r"\A57P0[123]|\A(?:1053|1079)\b|shutting down|starting up|ORA-01033", re.IGNORECASE),
        "starts or stops",
    ),
    (
        re.compile(r"\A53100|\A1021\b|\b(?:got error|errno:?) 28\b|no space left", re.IGNORECASE),
        "has no room left on its disk",
    ),
    (
        re.compile(
            r"\A(?:2006|2013)\b|\A57P01|\A08006|server closed the connection|gone away|lost connection", re.IGNORECASE
        ),
        "broke the connection off",
    ),
)
_VIEW_BROKEN = re.compile(r"\A1356\b")
# What the engine can only tell once it meets the value: any other data exception of SQL, and their like.
_AT_A_VALUE = re.compile(
    r"\A22\w{3}\b|\A(?:1365|1411|3140|3141|3156)\b|malformed JSON|integer overflow|division by zero|ORA-01476",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"no such (?:table|column): (?P<plain>[\w.$]+)|column (?P<bare>[\w.$]+) does not exist|"
    r"[\"'`](?P<quoted>[^\"'`]+)[\"'`]"
)
# By these words an engine that we know less of, or a driver without any code, tells that nobody is there.
_IS_DOWN = re.compile(
    r"\A(?:08\w{3}|53[13]00|57P0[1-5]|58\w{3}|3D000)\b|"
    r"\A(?:1021|1040|1049|1053|1079|115[89]|116[01]|1203|1226|1927|2002|2003|2006|2013|2055)\b|"
    r"unable to open database file|database (?:table |schema )?is locked|readonly database|unsupported file format|"
    r"is full\b|\bno space left|connection (?:refused|reset|timed? ?out)|"
    r"connection (?:is )?(?:closed|bad|lost|broken)|(?:closed|lost) (?:the )?connection|closed unexpectedly|gone away|"
    r"not connected|consuming input failed|SSL SYSCALL|login timeout|communication link|TCP Provider|"
    r"cannot open database|ORA-(?:00020|01033|01034|01089|03113|03114|12\d{3})|DPY-(?:4011|600[05])",
    re.IGNORECASE,
)
# A server that is there, and cannot reach another of which it shows tables (foreign tables, dblink, FEDERATED).
_OF_ANOTHER_SERVER = re.compile(r"\A(?:HV\w{3}|08001)\b|\A(?:1429|1430|1431|1432|10000)\b")
_DENIED = re.compile(r"for (?:table|relation|view|schema|column) (?P<denied>[\w.$`'\"]+)")


class NoSuchColumn(MonitorFault):
    """A question of ours names a column that is not there; whoever knows why it should be tells whose trouble it is."""

    def __init__(self, named: str) -> None:
        super().__init__(f"the mapping names a column that is not there: {named}", remedy="Correct [mapping].")
        self.named = named


class CannotSay(NotCovered):
    """One question that the database or its driver could not answer. It says nothing of any other question."""


class TooSlow(CannotSay):
    """One question that was ended, since it took too long or waited for a lock; `finding` is for who asks just that."""

    def __init__(self, finding: Finding, about: str) -> None:
        super().__init__(
            finding.sentence.replace("a question", f"a question about {about}", 1) if about else finding.sentence,
            remedy="Look how the database goes about it (EXPLAIN), give it the index that it lacks or write the select"
            " of the mapping so that its conditions reach the tables, or raise [database] timeout.",
        )
        self.finding = finding


class WritersWouldWait(TooSlow):
    """One question to a file that others write all the time, which is long and cannot be asked in short parts."""

    def __init__(self, about: str, timeout: timedelta) -> None:
        super().__init__(_too_slow(timeout, ""), about)
        self.reason = f"A question about {about or 'the database'} takes so long that its writers would wait for us."
        self.remedy = "Let the file be written ahead (PRAGMA journal_mode = WAL): then nobody waits for a reader."


class NotPut(CannotSay):
    """One question that was not put, so that people are not slowed down; the next heavy round takes it along."""


class TooMuchToRead(NotPut):
    """One question that was not put, since by the engine's own plan it would read more than the target file allows."""

    def __init__(self, tables: str, rows: int, most_rows: int, round_name: str) -> None:
        where = f" in the {round_name} round" if round_name else ""
        super().__init__(
            f"A question about {tables} would read about {rows:,} rows, more than one may{where} (at most"
            f" {most_rows:,}), so that people are not slowed down.",
            remedy="Give the database the index that it lacks (`hypercare doctor` says which), name a replica as"
            " [database] read_from, raise [database] most_rows, or let a round of [database] heavy_rounds look.",
        )
        self.rows = rows


class DayShareUsedUp(NotPut):
    """One question that was not put, since it would read much and our share of the day is used up."""

    def __init__(self, tables: str, allowed: timedelta) -> None:
        super().__init__(
            f"A question about {tables} was not asked: the database has been at work for our rounds of this day for"
            f" {rounded_duration(allowed)}, which is all that they may take of it ([database] day_share).",
            remedy="Give the database the indexes that it lacks (`hypercare doctor` says which), raise [database]"
            " day_share, or let a round of [database] heavy_rounds look.",
        )


def translated(
    error: BaseException,
    url: URL,
    *,
    timeout: timedelta,
    sql: str = "",
    about: str = "",
    connected: bool = False,
) -> Signal:
    """The signal that a driver's error stands for.

    `about` names the tables that were asked for. `connected` is whether there was, and still is, a connection: then
    only what is known to be an outage is one.
    """
    text = _error_text(error)
    if connected and _OF_ANOTHER_SERVER.search(text):
        return _of_another_server(text, about)
    named = _named(text)
    if _TOO_SLOW.search(text):
        return TooSlow(_too_slow(timeout, sql), about)
    if _NO_TABLE.search(text):
        return CheckFailed(_no_table(named, sql))
    if _NO_COLUMN.search(text):
        return NoSuchColumn(named)
    if _VIEW_BROKEN.search(text):
        return CheckFailed(_broken_view(named, _first_line(text)))
    if _PERMISSION_DENIED.search(text):
        return NotCovered(f"our user may not read {named}", remedy=f"Grant SELECT on {named} to the monitor's user.")
    if _CREDENTIALS_REFUSED.search(text):
        return MonitorFault("the database refuses our user or password", remedy="Correct [database] url or password.")
    if _HOST_REFUSED.search(text):
        return MonitorFault(
            f"the database refuses connections from this host ({_first_line(text)})",
            remedy="Let our user connect from this host; a host that was blocked is let in again by FLUSH HOSTS.",
        )
    if _IDLE_TRANSACTION_ENDED.search(text):
        return MonitorFault(
            "the server ended our transaction, since we stood idle in it", remedy="Look at this machine."
        )
    if _OUR_DRIVER.search(text):
        return MonitorFault(f"our driver lacks something: {_first_line(text)}", remedy="Install what it asks for.")
    if _NO_SUCH_HOST.search(text):
        return MonitorFault(
            f"the name of the database's host {url.host!r} cannot be resolved from here", remedy="Check DNS."
        )
    if _INVALID_STATEMENT.search(text):
        return MonitorFault(
            f"the database did not understand a question: {_first_line(text)}", remedy="Correct [mapping]."
        )
    if _AT_A_VALUE.search(text) and not _TYPES_DO_NOT_FIT.search(text):
        return CheckFailed(_at_a_value(text, about, sql))
    if connected and not _IS_DOWN.search(text) and not _DAMAGED.search(text):
        return _cannot_say(text, about)
    return _down(text, url)


def _of_another_server(text: str, about: str) -> CannotSay:
    place = f" about {about}" if about else ""
    return CannotSay(
        f"The database could not answer a question{place}, of which part stands elsewhere: {_without_code(text)}.",
        remedy="See whether the other server can be reached from this one, and lets it in.",
    )


def _cannot_say(text: str, about: str) -> CannotSay:
    place = f" about {about}" if about else ""
    return CannotSay(
        f"The database could not answer a question{place}: {_without_code(text)}{_spot(text)}.",
        remedy="Say in [mapping] how the column is to be read, by a cast in its sql; where a value is "
        "wrong, correct it.",
    )


def _spot(text: str) -> str:
    """The words of the question that PostgreSQL points at."""
    lines = text.splitlines()
    for number, line in enumerate(lines[1:], start=1):
        pointed = lines[number + 1].find("^") if number + 1 < len(lines) else -1
        if line.startswith("LINE ") and pointed >= 0:
            return f" at {' '.join(line[max(0, pointed - 40) : pointed + 30].split())!r}"
    return ""


def _error_text(error: BaseException) -> str:
    arguments = getattr(error, "args", ())
    if arguments and isinstance(arguments[0], int):
        # MySQL's own number says more than the SQLSTATE that some of its drivers give besides.
        return " ".join(str(one) for one in arguments)
    return f"{getattr(error, 'sqlstate', None) or ''} {error}".strip()


def _named(text: str) -> str:
    denied = _DENIED.search(text)
    if denied:
        return re.sub("[`'\"]", "", denied["denied"])
    found = _QUOTED.search(text)
    return (found["plain"] or found["bare"] or found["quoted"]) if found else _first_line(text)


def _first_line(text: str) -> str:
    return text.splitlines()[0][:200]


def _too_slow(timeout: timedelta, sql: str) -> Finding:
    return Finding(
        sentence=f"The database did not answer a question within {timeout.total_seconds():g} seconds.",
        cause="database-slow",
        where="database",
        next_step="Look for locks, missing indexes and load on the database server.",
        detail=sql,
    )


def _no_table(named: str, sql: str) -> Finding:
    return Finding(
        sentence=f"The table {named} is not in the database.",
        cause=TABLE_MISSING,
        where=f"table {named}",
        next_step="If it was dropped or renamed, restore it; if the target changed, correct the mapping.",
        detail=sql,
    )


def _broken_view(named: str, detail: str) -> Finding:
    return Finding(
        sentence=f"The view {named} cannot be read: what it is made of is not there.",
        cause="view-broken",
        where=f"view {named}",
        next_step="Mend the view, which the last release may have forgotten.",
        detail=detail,
    )


def _at_a_value(text: str, about: str, sql: str) -> Finding:
    """In the same words whoever asks, so that it is one incident."""
    return Finding(
        sentence=f"The database stops at a value that it keeps: {_without_code(text)}.",
        cause="value-unreadable",
        where="database",
        next_step="Find the record and correct it; if it is right, mend the view or the mapping's expression.",
        detail=f"asked of {about}\n{sql}" if about else sql,
    )


def _without_code(text: str) -> str:
    return re.sub(r"\A(?:\w{5}|\d{4}) ", "", _first_line(text))


def _down(text: str, url: URL) -> ChannelDown:
    place = url.database or "" if url.host is None else f"{url.host}:{url.port or ''}".rstrip(":")
    address = url.database or "" if url.host is None else _with_port(url)
    is_file = url.get_backend_name() == "sqlite"
    if is_file and not Path(place).exists():
        sentence, cause = f"The database file {Path(place).name} is not there.", "database-missing"
    elif _DAMAGED.search(text):
        sentence, cause = "The database is damaged and cannot be read.", "database-damaged"
    elif "locked" in text:
        sentence, cause = "The database is locked and lets nobody read.", "database-locked"
    elif is_file:
        sentence, cause = f"The database file {Path(place).name} cannot be opened.", "database-down"
    else:
        sentence, cause = f"The database {_why_down(text, url, place)}.", "database-down"
    finding = Finding(
        sentence=sentence,
        cause=cause,
        where=place,
        next_step="Look at the database server's own log and at the disk it stands on.",
        detail=_first_line(text),
    )
    return ChannelDown("database", finding, address=address)


def _why_down(text: str, url: URL, place: str) -> str:
    words = next((words for pattern, words in _WHY_DOWN if pattern.search(text)), "does not take a connection")
    if words.startswith("{name}"):
        return f"{url.database or ''} is not there: the server at {place} has none of that name"
    return f"at {place} {words}"


def _with_port(url: URL) -> str:
    default = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306, "mssql": 1433, "oracle": 1521}
    return f"{url.host}:{url.port or default.get(url.get_backend_name(), '')}"
