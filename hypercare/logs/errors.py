"""Errors in the logs, grouped by what they have in common and classed."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from hypercare.log_levels.gravity import Gravity
from hypercare.log_levels.level_words import ENDS_A_SESSION, key_of
from hypercare.logs.database_words import ANY_DEADLY, DEADLY
from hypercare.logs.denials import is_only_mentioned
from hypercare.logs.fingerprint import fingerprint
from hypercare.logs.gaps import require_none
from hypercare.logs.occurrences import ErrorKind, KindOccurrences, Occurrences, instant, microseconds
from hypercare.logs.reading import Window
from hypercare.logs.record import Record
from hypercare.logs.searching import TextPattern
from hypercare.outcome.evidence import rows_wanted
from hypercare.outcome.finding import Row
from hypercare.outcome.found import Found
from hypercare.outcome.signals import ChannelDown, NotCovered
from hypercare.plan.calendar import Calendar, Period
from hypercare.target_file.sections.logs import KnownError, LogRule

_DEADLY = (
    r"out of memory|MemoryError|OutOfMemory|no space left on device|disk (?:is )?full|disk I/O error"
    r"|database disk image is malformed|file is not a database|segmentation fault|core dumped|^Killed\b"
    r"|data(?:base)? (?:loss|corrupt)|corrupt(?:ed|ion)\b|invalid page in block|could not (?:fsync|write to file)"
    r"|too many (?:open files|clients|connections)|read-only file system|\bPANIC\b"
    r"|disk quota exceeded|\bENOSPC\b|\bEROFS\b|\berr(?:no|code)?:? (?:28|30)\b|SQLSTATE\W{0,3}(?:53100|XX00[12])"
    rf"|SQLITE_(?:FULL|CORRUPT|IOERR)|{ANY_DEADLY}"
)
# The application cannot save. In a database's own log it may as well be somebody at its prompt.
_MAY_NOT_WRITE = (
    r"in a read-only transaction|attempt to write a readonly database|--(?:super-)?read-only\b|SQLITE_READONLY"
    r"|SQLSTATE\W{0,3}25006|ReadOnlySqlTransaction"
)
_ONE_SESSION = TextPattern(
    r"authentication failed|does not exist|terminating connection|no pg_hba\.conf entry|canceling|is not permitted"
    r"|connection to client lost",
)
# Of a database's log: by SQLSTATE (resources, the server itself, damage) or in words.
_GRAVE_STATES = ("53", "58", "F0", "XX")
_GRAVE_FOR_ALL = TextPattern(
    r"\bcould not|in recovery mode|terminated abnormally|too many|database system is (?:starting|shutting|in)|\blost\b"
    r"|\bdamaged\b|lock file",
)
# What frameworks call fatal or critical when one request ended with an exception.
_ONE_REQUEST = re.compile(r"Uncaught PHP Exception|ActionController::|^F, \[.*FATAL -- ")
# What nginx calls critical when a scanner speaks no TLS.
_OF_A_STRANGER = "while SSL handshaking"
_BY_USER = (
    r"wrong password|(?:invalid|bad|incorrect) (?:password|credentials|user ?name|login)|log-?in (?:failed|refused)"
    r"|failed log-?in|(?:do|does) not add up|not allowed to"
    r"|(?:invalid|missing) (?:value|input|date|amount|quantity|field)"
    r"|(?:field|value|reason|amount|customer|note) is (?:required|missing)|validation (?:failed|error)|UserError"
    r"|UserWarning|ValidationError|already (?:finalised|void|closed|taken|exists)|account (?:is )?locked|user error"
    # By the names of what frameworks raise, and in the words of those that speak the language of the house.
    r"|BadCredentials|MethodArgumentNotValid|AuthenticationFailed"
    r"|falsches (?:passwort|kennwort)|mot de passe (?:incorrect|invalide|erroné)|contraseña (?:incorrecta|inválida)"
    r"|password errata|senha (?:incorreta|inválida)|(?:onjuist|verkeerd|ongeldig) wachtwoord"
    r"|(?:nieprawidłowe|błędne) hasło|неверный пароль|неправильный пароль|密码(?:错误|不正确)"
    r"|パスワードが(?:違い|正しく)"
)
_TELLS_OF_DAMAGE, _IS_REFUSED_TO_WRITE, _REFUSES_A_PERSON = map(TextPattern, (_DEADLY, _MAY_NOT_WRITE, _BY_USER))
_ANY_OF_THEM = TextPattern("|".join((_DEADLY, _MAY_NOT_WRITE, _BY_USER)))
_HAS_TRACEBACK = re.compile(r"Traceback \(most recent|^\s+File \"|^\s+at [\w.$<>]+\(", re.MULTILINE)
_LONGEST_SAMPLE = 300
_BY_RULE = {"critical": Gravity.CRITICAL, "error": Gravity.ERROR, "warning": Gravity.WARNING}


class ErrorClass(StrEnum):
    CRITICAL = "critical"
    RECURRING = "recurring"
    USER = "user error"
    KNOWN = "known"
    OTHER = "other"


def gravity_of(record: Record, *, in_database: bool) -> Gravity:
    """How grave a record is by what it says, which may be more or less than the level it states."""
    stated = record.gravity
    if in_database and stated is Gravity.CRITICAL and _ends_one_session(record):
        stated = Gravity.ERROR
    if stated is Gravity.CRITICAL and not in_database and _ONE_REQUEST.search(record.message):
        stated = Gravity.ERROR
    if _OF_A_STRANGER in record.message:
        return min(stated, Gravity.WARNING)
    if stated not in {Gravity.ERROR, Gravity.UNSTATED} or not _says_more(record.text):
        return stated
    if _TELLS_OF_DAMAGE.found_in(record.text):
        # Without a level nothing but the words says how grave it is.
        is_said = stated is Gravity.ERROR or not is_only_mentioned(_DEADLY, record.text)
        return Gravity.CRITICAL if is_said else stated
    if stated is Gravity.ERROR and not in_database and _IS_REFUSED_TO_WRITE.found_in(record.text):
        return Gravity.CRITICAL
    return stated


@lru_cache(maxsize=8)
def _says_more(text: str) -> bool:
    """Whether a text has any of the words that are told apart later: asked once a record, and mostly in vain."""
    return _ANY_OF_THEM.found_in(text)


def _ends_one_session(record: Record) -> bool:
    """PostgreSQL calls the end of one session fatal, in its own language; what ends all of them is a panic."""
    if _ONE_SESSION.found_in(record.message):
        return True
    if key_of(record.level) not in ENDS_A_SESSION:
        return False
    state = str(record.fields.get("state_code") or "")
    if state:
        return not state.startswith(_GRAVE_STATES)
    if DEADLY.found_in(record.message):
        return False
    return key_of(record.level) != "fatal" or not _GRAVE_FOR_ALL.found_in(record.message)


def is_user_error(record: Record, gravity: Gravity) -> bool:
    """A person's mistake that the system answered as it should: no crash, and the words of a refusal."""
    if not Gravity.INFO < gravity < Gravity.CRITICAL or not _says_more(record.text):
        return False
    if not _REFUSES_A_PERSON.found_in(record.text):
        return False
    return not _has_traceback(record.text) or bool(re.search(r"\b(?:UserError|ValidationError)\b", record.text))


def _has_traceback(text: str) -> bool:
    # Nearly all records are one line, of which little needs to be looked at.
    may_have_one = "Traceback" in text or "\n" in text or text[:1].isspace()
    return may_have_one and _HAS_TRACEBACK.search(text) is not None


@dataclass
class ErrorGroup:
    """One error however often it came. `count` is within the period asked for; `by_day` also knows earlier days.

    `owner` is who took it on, where it is known to somebody. `people` are those to whom it happened, by sums that stand
    for their names. `training` would end a mistake of people, and `past` is what is known of it from earlier days.
    """

    fingerprint: str
    source: str
    gravity: Gravity
    by_user: bool
    owner: str
    first_seen: datetime | None
    last_seen: datetime | None
    sample: str
    trace_id: str
    place: str
    count: int = 0
    by_day: Counter[date] = field(default_factory=Counter)
    people: frozenset[str] = frozenset()
    training: str = ""
    past: Mapping[str, str] = field(default_factory=dict)

    @property
    def days(self) -> int:
        return len(self.by_day)

    @property
    def is_growing(self) -> bool:
        """More often on its latest day than on the day that it came before, and that not by chance of one."""
        if self.days < 2:
            return False
        *_, before, latest = (self.by_day[day] for day in sorted(self.by_day))
        return latest > before

    @property
    def trend(self) -> str:
        if self.days < 2:
            return "new today"
        *_, before, latest = (self.by_day[day] for day in sorted(self.by_day))
        return "growing" if latest > before else "falling" if latest < before else "steady"

    @property
    def is_known(self) -> bool:
        return bool(self.owner)

    @property
    def is_news(self) -> bool:
        """Neither a person's mistake nor known to anybody; a critical error always is."""
        return self.gravity >= Gravity.CRITICAL or not (self.by_user or self.is_known)

    def recurs(self, at_least: int) -> bool:
        return self.count >= at_least or self.days >= at_least or self.is_growing

    def classed(self, recurring_from: int) -> ErrorClass:
        if self.gravity >= Gravity.CRITICAL:
            return ErrorClass.CRITICAL
        if self.by_user:
            return ErrorClass.USER
        if self.is_known:
            return ErrorClass.KNOWN
        return ErrorClass.RECURRING if self.recurs(recurring_from) else ErrorClass.OTHER

    def row(self, recurring_from: int) -> Row:
        return {
            "class": str(self.classed(recurring_from)),
            "times": self.count,
            "first_seen": _shown(self.first_seen),
            "last_seen": _shown(self.last_seen),
            "days": self.days,
            "trend": self.trend,
            "log": self.source,
            "says": self.sample,
            "trace": self.trace_id,
            "where": self.place,
            **({"owner": self.owner} if self.owner else {}),
            **({"people": len(self.people)} if self.people else {}),
            **{name: said for name, said in {"training": self.training, **self.past}.items() if said},
        }


@dataclass(frozen=True)
class Errors:
    """The errors of a period, gravest and most frequent first. `complete` is False when there were too many to read.

    `gaps` say of which logs it could not be told what is an error, or of when; `down`, which log server is down.
    """

    groups: tuple[ErrorGroup, ...]
    source: str
    recurring_from: int
    complete: bool = True
    gaps: tuple[NotCovered, ...] = ()
    down: ChannelDown | None = None

    def require_understood(self) -> None:
        """Raises ChannelDown or NotCovered when a log tells no errors. Asked last: what was found comes first."""
        if self.down is not None:
            raise self.down
        require_none(self.gaps)

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)

    def of_class(self, *classes: ErrorClass) -> Found:
        return self._where(lambda group: group.classed(self.recurring_from) in classes)

    def critical(self) -> Found:
        return self.of_class(ErrorClass.CRITICAL)

    def recurring(self) -> Found:
        """What keeps happening and is neither a person's mistake nor known, the critical ones included."""
        return self._where(lambda group: group.is_news and group.recurs(self.recurring_from))

    def kinds_recurring(self, *, owned: bool) -> list[Row]:
        """Each kind that keeps happening, a person's own mistakes left out: somebody's already, or nobody's."""
        found = (group for group in self.groups if group.recurs(self.recurring_from) and not group.by_user)
        chosen = (group for group in found if (group.is_known and not group.is_news if owned else group.is_news))
        return [group.row(self.recurring_from) for group in chosen]

    def by_users(self) -> Found:
        return self.of_class(ErrorClass.USER)

    def unclassed(self) -> Found:
        """Errors of the system that fit no class yet: somebody must look at them."""
        return self.of_class(ErrorClass.OTHER)

    def never_seen_before(self, period: Period) -> Found:
        """Errors of the system whose first record falls into the period; what is critical is told by itself."""
        return self._where(
            lambda group: (
                group.is_news
                and group.gravity < Gravity.CRITICAL
                and (group.first_seen is None or group.first_seen >= period.start)
            )
        )

    def rows(self) -> list[Row]:
        return [group.row(self.recurring_from) for group in self.groups]

    def _where(self, holds: Callable[[ErrorGroup], bool]) -> Found:
        chosen = [group for group in self.groups if holds(group)]
        return Found(
            count=sum(group.count for group in chosen),
            of=self.count,
            sample=[group.row(self.recurring_from) for group in chosen[: rows_wanted()]],
            where=self.source,
        )


@dataclass(frozen=True)
class ErrorJudge:
    """What a record counts as, by what it says, the rules of the target file and the errors known to somebody today."""

    rules: Sequence[LogRule] = ()
    known_errors: Sequence[KnownError] = ()

    def kind(self, record: Record, *, in_database: bool) -> tuple[ErrorKind, str] | None:
        """The kind of error with a sample of it; None for what is no error."""
        gravity = gravity_of(record, in_database=in_database)
        by_user = is_user_error(record, gravity)
        rule = next((one for one in self.rules if one.fits(record.source, record.text)), None)
        if rule is not None and gravity < Gravity.CRITICAL:
            by_user = rule.counts_as == "user error"
            gravity = _BY_RULE.get(rule.counts_as, gravity)
        if gravity < Gravity.ERROR and not by_user:
            return None
        says = essence(record)
        owner = next((one.owner for one in self.known_errors if one.says in record.text), "")
        return ErrorKind(fingerprint(says), gravity, by_user, owner), shortened(says)


@dataclass
class ErrorCollector:
    """Groups what was seen of errors, in all logs, as of a period. `window` is from when on it counts, and without
    what."""

    calendar: Calendar
    period: Period
    window: Window
    groups: dict[tuple[str, str], ErrorGroup] = field(default_factory=dict)

    def add(
        self, source: str, pieces: Sequence[tuple[str, Occurrences]], owners: Mapping[str, str] | None = None
    ) -> None:
        """Take in what was seen of one log, by the names of its pieces, and `owners` that it tells by fingerprint."""
        seen = [
            (kind, replace(one, instants=array("q", self._counting(one.instants)), place=f"{name}, {one.place}"))
            for name, part in pieces
            for kind, one in part.kinds.items()
        ]
        # The earliest record of a group says whose it is.
        for kind, one in sorted(seen, key=lambda pair: min(pair[1].instants, default=microseconds(self.period.end))):
            if one.instants or (one.undated and self.window.end is None):
                self._add(source, kind, one)
        for fingerprint_, owner in (owners or {}).items():
            group = self.groups.get((source, fingerprint_))
            if group is not None:
                group.owner = group.owner or owner

    def _counting(self, instants: Iterable[int]) -> Iterator[int]:
        first = microseconds(self.window.start)
        last = None if self.window.end is None else microseconds(self.window.end)
        spans = [(microseconds(one.start), microseconds(one.end)) for one in self.window.without]
        for number in instants:
            holds = number >= first and (last is None or number < last)
            if holds and not any(start <= number < end for start, end in spans):
                yield number

    def _add(self, source: str, kind: ErrorKind, seen: KindOccurrences) -> None:
        moments = [instant(number) for number in seen.instants] + [self.period.end] * seen.undated
        last = max(moments)
        group = self.groups.get((source, kind.fingerprint))
        if group is None:
            group = self.groups[source, kind.fingerprint] = ErrorGroup(
                fingerprint=kind.fingerprint,
                source=source,
                gravity=kind.gravity,
                by_user=kind.by_user,
                owner=kind.owner,
                first_seen=None,
                last_seen=None,
                sample=seen.sample,
                trace_id=seen.trace_id,
                place=seen.place,
            )
        group.gravity = max(group.gravity, kind.gravity)
        group.people |= seen.people
        group.count += sum(moment >= self.period.start for moment in moments)
        group.by_day.update(self.calendar.date_of(moment) for moment in moments)
        earliest = moments if seen.earliest is None else [*moments, instant(seen.earliest)]
        group.first_seen = min([*earliest, *([group.first_seen] if group.first_seen else [])])
        if group.last_seen is None or last >= group.last_seen:
            group.last_seen = last
            group.sample, group.trace_id, group.place = seen.sample, seen.trace_id, seen.place

    def errors(self, source: str, recurring_from: int, *, complete: bool, gaps: Sequence[NotCovered] = ()) -> Errors:
        """Only what was seen within the period itself, with what earlier days know about it."""
        occurred = [group for group in self.groups.values() if group.count]
        occurred.sort(key=lambda group: (-group.gravity, group.by_user, -group.count, group.fingerprint))
        return Errors(tuple(occurred), source, recurring_from, complete, tuple(gaps))


def essence(record: Record) -> str:
    """The message and, where there is an exception, its last line: that names the error best, without source lines."""
    if not _has_traceback(record.text):
        return record.message
    last = next((line for line in reversed(record.text.splitlines()) if line.strip()), "").strip()
    return record.message if last in record.message else f"{record.message}: {last}"


def shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_SAMPLE else f"{text[: _LONGEST_SAMPLE - 1]}…"


def _shown(instant: datetime | None) -> str:
    return "" if instant is None else instant.isoformat(timespec="seconds")
