"""How much of a large table a daily question reads: what arrived or changed lately, and a part of all that is older.

A small table is read whole. Of a large one the part goes round, so that each row is read at least once in seven days on
which the question is asked, and in one day more for each quarter of a million rows beyond 1,750,000. What broke a rule
is read again until it is mended. Where keys do not grow (UUIDs, text, keys of several columns) the part is a page of
the primary key's index, which begins where the one before ended.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial
from typing import Any
from zlib import crc32

from sqlalchemy import ColumnElement, Connection, column, false, or_

from hypercare.database.export import Export, NotUnderstood
from hypercare.database.schemas import TableName
from hypercare.database.table_facts import TableFacts, key_at, key_range, table_facts
from hypercare.history.memory import Memory
from hypercare.integrity.export_scan import Suspects, Wrong, suspects_in
from hypercare.integrity.key_conditions import Condition, above, one_of, page, part
from hypercare.integrity.scan_progress import LEAST_PARTS, Key, Mark, Progress
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import NotCovered

# Reading so many rows costs a server some hundredths of a second.
READ_WHOLE_UP_TO = 100_000
# At the first look all is read up to here; beyond it the newest rows, and all others in the days to come.
_FIRST_READ_WHOLE_UP_TO = 2_000_000
_NEWEST = 250_000
# A row may be given its key some time before others can see it.
_IN_FLIGHT = 1_000
# Of the parts that the older rows are cut into none is much larger than this.
_MOST_OF_A_PART = 250_000
# What arrived since this long ago is new.
_MARGIN = timedelta(days=2)
_MARKS_KEPT_FOR = timedelta(days=16)
MOST_BROKEN = 500
_REMEMBERED = "how far large tables were read"

Column = Callable[[str], ColumnElement[Any]]


@dataclass(frozen=True)
class Portion:
    """The rows of a table that a question reads now: those of which one of `conditions` holds, each on a column.

    All rows where `rows` is None, or else it is the engine's estimate of how many there are. `parts` are those of the
    older rows that it covers, or it is a page `up_to` a key, None for the end of the table. `key` tells rows apart.
    """

    question: str
    conditions: Sequence[tuple[str, Condition]] = ()
    parts: Collection[int] = ()
    rows: int | None = None
    key: str | None = None
    is_kept: bool = False
    is_page: bool = False
    up_to: Key | None = None
    suspects: Suspects | None = None

    def among(self, of: Column = column) -> Sequence[ColumnElement[bool]]:
        """As the conditions of a question, whose column of each name is `of` it."""
        if self.rows is None:
            return ()
        return (or_(false(), *(condition(of(name)) for name, condition in self.conditions)),)

    @property
    def remembers_keys(self) -> bool:
        return self.key is not None and self.is_kept

    def of(self, read: int) -> int:
        """How many rows there are in all, where `read` of them were read now."""
        return read if self.rows is None else max(read, self.rows)


class RollingScan:
    """What earlier rounds read of the large tables, and what is to be read on this day.

    `changed` gives by name the columns of a table that tell when a row changed last, and the condition that it was
    lately; those that an index helps are asked. Where there is an `export`, all that is older is read there, and only
    what looks wrong in it is asked of the database; `gaps` are why it could not be.
    """

    def __init__(
        self,
        memory: Memory,
        now: datetime,
        today: date,
        changed: Callable[[TableName], Mapping[str, Condition]] = lambda table: {},
        export: Export | None = None,
    ) -> None:
        self._memory = memory
        self._now = now
        self._today = today
        self._changed = changed
        self._export = export
        self.gaps: list[NotCovered] = []
        self._facts: dict[TableName, TableFacts | None] = {}
        self._ends: dict[TableName, tuple[int, int] | None] = {}
        self._asked: set[str] = set()

    @classmethod
    def of_all(cls) -> RollingScan:
        """Without anything remembered, as at a first look."""
        now = datetime.now(UTC)
        return cls(Memory(), now, now.date())

    def is_large(self, connection: Connection, table: TableName) -> bool:
        """Whether only a part of it is read on most days."""
        facts = self._facts_of(connection, table)
        return facts is not None and facts.rows > READ_WHOLE_UP_TO

    def portion(
        self,
        connection: Connection,
        question: str,
        table: TableName,
        *,
        at_once: bool = False,
        wrong: Wrong | None = None,
        beside: Sequence[TableName] = (),
    ) -> Portion:
        """What the question reads of the table now; the estimate, keys and indexes are the catalogue's.

        What has to see all rows beside each other is asked of the older ones `at_once`, on one day in seven. What is
        `wrong`, with the tables `beside`, can be asked of an export.
        """
        question = f"{table.words}: {question}"
        facts = self._facts_of(connection, table)
        if facts is None or facts.rows <= READ_WHOLE_UP_TO:
            return Portion(question)
        if self._export is not None and wrong is not None and (facts.key or facts.order):
            look = partial(suspects_in, self._export, table, facts, wrong, beside)
            with suppress(NotUnderstood):
                return self._by_export(connection, question, table, facts, look)
        if facts.key is None and facts.order is not None and not at_once:
            return self._by_pages(connection, question, table, facts, facts.order)
        if facts.key is None:
            return self._by_changes(question, table, facts)
        if table not in self._ends:
            self._ends[table] = key_range(connection, table, facts.key)
        ends = self._ends[table]
        parts = 1 if at_once else max(LEAST_PARTS, -(-facts.rows // _MOST_OF_A_PART))
        return Portion(question) if ends is None else self._by_keys(question, table, facts, facts.key, ends, parts)

    def answered(self, portion: Portion, broken: Sequence[Key] = (), *, is_broken: bool = False) -> None:
        """Note that the portion was read, and the keys of the rows that break the rule.

        What was all read on one day is due again one part a day, and no two questions alike.
        """
        if not portion.is_kept:
            return
        progress, today = self._progress[portion.question], self._today
        of_all = len(progress.due)
        anew = len(portion.parts) == of_all and (of_all > 1 or progress.read[0] is None)
        for number in portion.parts:
            after = 1 + (crc32(portion.question.encode()) + number) % max(of_all, LEAST_PARTS) if anew else 0
            progress.read[number] = today
            progress.due[number] = today + timedelta(days=after or max(of_all, LEAST_PARTS))
        if portion.is_page:
            progress.read_page(portion.up_to, today)
        if portion.suspects is not None:
            progress.read[0] = portion.suspects.written.date()
        progress.asked = today
        progress.broken = sorted(broken)[:MOST_BROKEN]
        progress.more = len(broken) > MOST_BROKEN or (is_broken and not broken)
        self._asked.add(portion.question)

    def counted(self, portion: Portion, count: int, keys: Sequence[Key]) -> int:
        """How many rows are wrong, where the database says so of `count` of those that were asked of it, by `keys`."""
        suspects = portion.suspects
        if suspects is None or not suspects.others:
            return count
        if set(suspects.keys) <= set(keys):
            return count + suspects.others
        self.gaps.append(
            NotCovered(
                f"In the export {len(suspects.keys) + suspects.others:,} rows look wrong ({portion.question}), and the"
                " database does not say so of the first of them.",
                remedy="See how the export is made, or leave out [database] scan_from.",
            )
        )
        return count

    def require_covered(self) -> None:
        """Raises NotCovered where an export could not be read, so that most rows were not looked at."""
        if self.gaps:
            raise self.gaps[0]

    def keep(self, source: str) -> None:
        """Remember how far it has come, and tell since when all rows were read."""
        if not self._asked:
            return
        since: dict[str, int] = {}
        for question in self._asked:
            day = self._progress[question].whole_since
            words = "not read whole yet" if day is None else f"each row read since {day:%Y-%m-%d}"
            since[words] = since.get(words, 0) + 1
        took_in(source, "questions about large tables", len(self._asked), len(self._asked), since)
        tables = {
            words: [[one.day.isoformat(), one.low, one.high] for one in self._marks[words]] for words in self._marks
        }
        questions = {words: one.written() for words, one in self._progress.items()}
        self._memory.keep(_REMEMBERED, {"tables": tables, "questions": questions}, self._now)

    def _facts_of(self, connection: Connection, table: TableName) -> TableFacts | None:
        if table not in self._facts:
            self._facts[table] = table_facts(connection, table)
        return self._facts[table]

    # -- which rows ------------------------------------------------------------------------------------------

    def _by_keys(
        self, question: str, table: TableName, facts: TableFacts, key: str, ends: tuple[int, int], parts: int
    ) -> Portion:
        self._note_what_was_lost(table, ends[1])
        at_once = facts.rows <= _FIRST_READ_WHOLE_UP_TO
        is_first = question not in self._progress or table.words not in self._marks
        progress = self._progress_of(question, parts)
        marks = self._marks_of(table, ends, at_once=at_once)
        due = progress.due_by(self._today)
        is_wanted_whole = progress.more and (at_once or not progress.broken)
        if is_wanted_whole or (is_first and at_once) or len(due) == len(progress.due):
            return Portion(question, parts=range(len(progress.due)), key=key, is_kept=True)
        before = min(self._today - _MARGIN, progress.asked - timedelta(days=1))
        old = [one for one in marks if one.day <= before] or marks[:1]
        conditions = [(key, above(old[-1].high)), *self._changed_lately(table, facts)]
        conditions += [(key, part(number, len(progress.due), old)) for number in due]
        if progress.broken:
            conditions.append((key, one_of(progress.broken)))
        return Portion(question, conditions, due, facts.rows, key, is_kept=True)

    def _changed_lately(self, table: TableName, facts: TableFacts) -> list[tuple[str, Condition]]:
        return [(name, condition) for name, condition in self._changed(table).items() if name in facts.indexed]

    def _progress_of(self, question: str, parts: int) -> Progress:
        """What is known of the question, its parts cut anew where the table has become far too large for them."""
        earlier = self._progress.get(question)
        if earlier is not None and parts <= 2 * len(earlier.due) and (parts == 1) == (len(earlier.due) == 1):
            return earlier
        due = [self._today + timedelta(days=number) for number in range(parts)]
        if earlier is None:
            anew = Progress(due, [None] * parts, self._today)
        else:
            anew = Progress(due, [earlier.whole_since] * parts, earlier.asked, earlier.broken, earlier.more)
        self._progress[question] = anew
        return anew

    def _marks_of(self, table: TableName, ends: tuple[int, int], *, at_once: bool) -> list[Mark]:
        """Those of before and today's; the first says up to where all is about to be read."""
        low, high = ends
        marks = self._marks.get(table.words, [])
        if not marks:
            marks = [Mark(self._today, low, max(low, high - (_IN_FLIGHT if at_once else _NEWEST)))]
        elif marks[-1].day < self._today:
            marks = [*marks, Mark(self._today, low, high)]
        recent = [one for one in marks if one.day >= self._today - _MARKS_KEPT_FOR]
        self._marks[table.words] = recent
        return recent

    def _note_what_was_lost(self, table: TableName, high: int) -> None:
        """The last rows may have been taken back, as a trial is: what comes in their place is new, and no other is.

        Where more than a day's are gone, the table was restored from a backup, or filled anew.
        """
        marks = self._marks.get(table.words, [])
        if not marks or high >= marks[-1].high:
            return
        if marks[-1].high - high > _IN_FLIGHT and high < marks[-2:][0].high:
            self._forget(table)
        else:
            self._marks[table.words] = [Mark(one.day, one.low, min(one.high, high)) for one in marks]

    def _forget(self, table: TableName) -> None:
        """Nothing that was read before says anything."""
        for question in [one for one in self._progress if one.startswith(f"{table.words}: ")]:
            del self._progress[question]
        del self._marks[table.words]

    def _by_pages(
        self, connection: Connection, question: str, table: TableName, facts: TableFacts, order: str
    ) -> Portion:
        """A page a day of the primary key's index, and what another index finds as new."""
        is_first = question not in self._progress
        progress = self._progress_of(question, 1)
        if (is_first or progress.more) and facts.rows <= _FIRST_READ_WHOLE_UP_TO:
            return Portion(question, key=order, is_kept=True, is_page=True)
        conditions = self._changed_lately(table, facts)
        if progress.broken:
            conditions.append((order, one_of(progress.broken)))
        if progress.read[0] == self._today:
            return Portion(question, conditions, (), facts.rows, order, is_kept=True)
        rows = facts.rows // max(LEAST_PARTS, -(-facts.rows // _MOST_OF_A_PART)) + 1
        up_to = key_at(connection, table, order, rows, page(progress.after, None))
        conditions.append((order, page(progress.after, up_to)))
        return Portion(question, conditions, (), facts.rows, order, is_kept=True, is_page=True, up_to=up_to)

    def _by_export(
        self,
        connection: Connection,
        question: str,
        table: TableName,
        facts: TableFacts,
        look: Callable[[], Suspects],
    ) -> Portion:
        """What looks wrong in it, and what it does not have yet.

        Raises NotUnderstood where it cannot be asked.
        """
        suspects, high, key = None, None, facts.key or facts.order or ""
        try:
            suspects = look()
            high = suspects.high
        except NotUnderstood:
            raise
        except NotCovered as gap:
            self.gaps.append(gap)
            ends = key_range(connection, table, key) if facts.key else None
            high = None if ends is None else ends[1] - _NEWEST
        question = f"{question} in the export"
        progress = self._progress_of(question, 1)
        conditions = self._changed_lately(table, facts)
        if facts.key and isinstance(high, int):
            conditions.append((key, above(high - _IN_FLIGHT)))
        asked_again = [*(suspects.keys if suspects else ()), *progress.broken]
        if asked_again:
            conditions.append((key, one_of(list(dict.fromkeys(asked_again)))))
        parts = () if suspects is None else (0,)
        return Portion(question, conditions, parts, facts.rows, key, is_kept=True, suspects=suspects)

    def _by_changes(self, question: str, table: TableName, facts: TableFacts) -> Portion:
        """Without a key that grows, all is read once in seven days, and on the others what an index finds as new."""
        progress = self._progress_of(question, 1)
        if progress.more or progress.due[0] <= self._today:
            return Portion(question, parts=(0,), is_kept=True)
        return Portion(question, self._changed_lately(table, facts), (), facts.rows, is_kept=True)

    # -- what is remembered ----------------------------------------------------------------------------------

    @cached_property
    def _remembered(self) -> Mapping[str, Any]:
        remembered: Mapping[str, Any] | None = self._memory.recall(_REMEMBERED)
        return remembered or {"tables": {}, "questions": {}}

    @cached_property
    def _marks(self) -> dict[str, list[Mark]]:
        return {
            table: [Mark(date.fromisoformat(day), int(low), int(high)) for day, low, high in marks]
            for table, marks in self._remembered["tables"].items()
        }

    @cached_property
    def _progress(self) -> dict[str, Progress]:
        return {question: Progress.of(one) for question, one in self._remembered["questions"].items()}
