"""Read doors of the API: every described operation that shows records, asked by people of every branch in turn.

That somebody is shown nothing of another's proves little unless those whose it is are shown it: each try is held
against what its owner is shown by the same operation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations
from urllib.parse import quote, urlencode

from hypercare.branch_isolation.address_words import asks_for_branch, asks_for_day, asks_for_first_day, asks_for_length
from hypercare.branch_isolation.answers import BranchWords, Record, key_of, name_of, records_in
from hypercare.branch_isolation.described_operations import DescribedOperation, keys_filled
from hypercare.branch_isolation.insiders import Insider, Insiders
from hypercare.branch_isolation.judging import Judgement, View, judged_views, keys_are_given_once
from hypercare.branch_isolation.matrix import Cell, Matrix, Verb
from hypercare.branch_isolation.ownership import Verdict
from hypercare.branch_isolation.turns import Requests
from hypercare.clients.value_mapping import theirs
from hypercare.http.throttling import Throttled
from hypercare.outcome.signals import ChannelDown, NotCovered

_LONGEST_LIST = 100
_RECORDS_TRIED = 2
_RECORDS_LOOKED_INTO = 6
_DAYS_BACK = timedelta(days=6)
_REFUSED = "its own people are answered "
_MAY_BE_LARGE = {Verb.EXPORT, Verb.REPORT}


@dataclass(frozen=True)
class ReadingTools:
    """What every read door is tried with. `word_of` are the system's words for branches, `today` the business day."""

    insiders: Insiders
    requests: Requests
    words: BranchWords
    word_of: Mapping[str, tuple[str, ...]]
    today: date
    matrix: Matrix


class ReadingDoors:
    def __init__(self, doors: Sequence[DescribedOperation], tools: ReadingTools) -> None:
        self._tools = tools
        self._lists = {
            operation.path: operation for operation in doors if operation.verb is Verb.LIST and not operation.branch_in
        }
        self._by_entity = {operation.entity: operation for operation in reversed(list(self._lists.values()))}
        self._views: dict[tuple[str, str], tuple[View, str]] = {}
        self._too_large: dict[str, str] = {}

    def try_door(self, role: str, operation: DescribedOperation) -> None:
        """Raises ChannelDown when the API cannot be reached, Throttled when it takes no more requests from us."""
        cell, matrix = Cell(role, operation.entity, operation.verb), self._tools.matrix
        people = self._tools.insiders.of(role)
        if len(people) < 2:
            matrix.not_tried(cell, f"fewer than two branches have a {role} who is let in")
            return
        reason = self._unfillable(operation) or self._too_large.get(operation.path, "")
        if reason:
            matrix.not_tried(cell, reason)
            return
        try:
            self._try(cell, operation, people)
        except Throttled:
            raise
        except (NotCovered, ChannelDown) as trouble:
            if isinstance(trouble, ChannelDown) and operation.verb not in _MAY_BE_LARGE:
                raise
            # What takes out all records may take too long, or be too much: nobody else asks for it then.
            self._too_large[operation.path] = f"{operation.words}: {trouble}".rstrip(".")
            matrix.not_tried(cell, self._too_large[operation.path])

    def _try(self, cell: Cell, operation: DescribedOperation, people: Sequence[Insider]) -> None:
        if operation.keys:
            self._try_records(cell, operation, people)
        elif operation.words_in:
            self._try_words(cell, operation, people)
        elif operation.branch_in:
            self._try_naming_the_branch(cell, operation, people)
        else:
            self._try_lists(cell, operation, people)

    def _try_lists(self, cell: Cell, operation: DescribedOperation, people: Sequence[Insider]) -> None:
        views: dict[str, tuple[View, str]] = {}
        for one in people:
            views[one.branch] = self._view(one, operation)
            if self._is_refused(views[one.branch][1]):
                break
        if not any(view.records for view, _ in views.values()):
            self._tools.matrix.not_tried(cell, next(reason for _, reason in views.values()))
            return
        asked = [one for one in people if one.branch in views]
        for asker, owner in permutations(asked, 2):
            if views[owner.branch][0].records:
                judgement = judged_views(views[asker.branch][0], views[owner.branch][0], self._tools.words)
                self._note(cell, operation, asker, owner, judgement)

    def _try_naming_the_branch(self, cell: Cell, operation: DescribedOperation, people: Sequence[Insider]) -> None:
        for asker, owner in _neighbours(people):
            query = {operation.branch_in: theirs(self._tools.word_of, owner.branch)}
            own, reason = self._asked(owner, operation, query)
            if not own.records:
                self._tools.matrix.not_tried(cell, reason)
                return
            shown, _ = self._asked(asker, operation, query)
            self._note(cell, operation, asker, owner, judged_views(shown, own, self._tools.words))

    def _try_words(self, cell: Cell, operation: DescribedOperation, people: Sequence[Insider]) -> None:
        source = self._by_entity.get(operation.entity)
        if source is None:
            self._tools.matrix.not_tried(cell, f"no list tells what {operation.entity} could be searched for")
            return
        for asker, owner in _neighbours(people):
            name = self._name_of_others_record(source, asker, owner)
            if name is None:
                self._leave(cell, owner, source)
                return
            own, reason = self._asked(owner, operation, {operation.words_in: name})
            if not own.records:
                self._tools.matrix.not_tried(cell, reason)
                return
            shown, _ = self._asked(asker, operation, {operation.words_in: name})
            judgement = judged_views(shown, own, self._tools.words)
            lists = (self._view(one, source)[0] for one in (asker, owner))
            self._note(cell, operation, asker, owner, _settled(judgement, *lists))

    def _try_records(self, cell: Cell, operation: DescribedOperation, people: Sequence[Insider]) -> None:
        source = self._lists.get(operation.collection)
        if source is None or len(operation.keys) > 1:
            self._tools.matrix.not_tried(cell, "no list tells which keys there are")
            return
        for asker, owner in _neighbours(people):
            mine, own = self._view(asker, source)[0], self._view(owner, source)[0]
            keys = list(self._keys_to_ask_for(operation, mine, own))
            if not keys:
                self._leave(cell, owner, source)
                return
            shown, owned = self._asked_for(keys, operation, asker, owner)
            if not owned.records:
                self._tools.matrix.not_tried(cell, f"people of {owner.branch} are shown nothing by it")
                return
            judgement = judged_views(shown, owned, self._tools.words)
            self._note(cell, operation, asker, owner, _settled(judgement, mine, own))

    def _asked_for(
        self, keys: Sequence[str], operation: DescribedOperation, asker: Insider, owner: Insider
    ) -> tuple[View, View]:
        """What both are shown of the first records that the owner is shown anything of, as many as tell enough."""
        shown: list[Record] = []
        owned: list[Record] = []
        asked = 0
        for key in keys:
            path = keys_filled(operation.path, {operation.keys[0]: quote(key, safe="")})
            own = records_in(self._tools.insiders.ask(owner, "GET", path, name=operation.words))
            if not any(key_of(record) or self._tools.words.named_in(record) for record in own):
                continue
            owned += own
            shown += records_in(self._tools.insiders.ask(asker, "GET", path, name=operation.words))
            asked += 1
            # One that names its branch tells by itself; of those that do not, two have to be alike.
            if asked == _RECORDS_TRIED or any(self._tools.words.named_in(record) for record in own):
                break
        return View(asker.branch, shown), View(owner.branch, owned)

    def _leave(self, cell: Cell, owner: Insider, source: DescribedOperation) -> None:
        view, reason = self._view(owner, source)
        self._tools.matrix.not_tried(
            cell,
            f"{source.words} names none of {owner.branch} to ask for" if view.records else f"{source.words}: {reason}",
        )

    def _keys_to_ask_for(self, operation: DescribedOperation, mine: View, own: View) -> Iterator[str]:
        """Of the owner's records first those that the asker's own list does not hold."""
        my_keys = {key_of(record, operation.keys[0]) for record in mine.records}
        keys = [key for record in self._that_are(own) if (key := key_of(record, operation.keys[0]))]
        # What stands within a record (its costs) may be nothing for several of them.
        most = _RECORDS_TRIED if operation.path.endswith("}") else _RECORDS_LOOKED_INTO
        yield from sorted(dict.fromkeys(keys), key=lambda key: key in my_keys)[:most]

    def _name_of_others_record(self, source: DescribedOperation, asker: Insider, owner: Insider) -> str | None:
        mine = {name_of(record) for record in self._view(asker, source)[0].records}
        names = [name for record in self._that_are(self._view(owner, source)[0]) if (name := name_of(record))]
        return next((name for name in names if name not in mine), next(iter(names), None))

    def _that_are(self, own: View) -> Iterator[Record]:
        """The records of a view that do not name some other branch."""
        for record in own.records:
            branches = {one for each in self._tools.words.named_in(record).values() for one in each}
            if not branches or own.branch in branches:
                yield record

    def _view(self, insider: Insider, operation: DescribedOperation) -> tuple[View, str]:
        place = (operation.path, insider.who.username)
        if place not in self._views:
            self._views[place] = self._asked(insider, operation, {})
        return self._views[place]

    def _asked(self, insider: Insider, operation: DescribedOperation, query: Mapping[str, str]) -> tuple[View, str]:
        """What they are shown, and where that is nothing why."""
        parameters = {**self._usual(operation, insider), **query}
        path = f"{operation.path}?{urlencode(parameters)}" if parameters else operation.path
        exchange = self._tools.insiders.ask(insider, "GET", path, name=operation.words)
        view = View(insider.branch, records_in(exchange, operation.list_name))
        if exchange.status != 200:
            return view, f"{_REFUSED}{exchange.status}"
        return view, f"people of {insider.branch} are shown nothing of their own"

    def _is_refused(self, reason: str) -> bool:
        """Whether the whole role may not ask, so that nobody else of it has to."""
        return reason in {f"{_REFUSED}{status}" for status in (401, 403, 404, 405)}

    def _usual(self, operation: DescribedOperation, insider: Insider) -> dict[str, str]:
        """What an operation is asked with: what it requires, no more than a page, of exports the week and of
        reports the day."""
        usual: dict[str, str] = {}
        for one in (part for part in operation.parameters if part.place == "query"):
            is_of_a_day = one.required or operation.verb in {Verb.EXPORT, Verb.REPORT}
            if asks_for_length(one.name) and (one.required or operation.verb in {Verb.LIST, Verb.EXPORT}):
                usual[one.name] = str(_LONGEST_LIST)
            elif asks_for_day(one.name) and is_of_a_day:
                back = _DAYS_BACK if asks_for_first_day(one.name) else timedelta(0)
                usual[one.name] = (self._tools.today - back).isoformat()
            elif asks_for_branch(one.name) and one.required:
                usual[one.name] = theirs(self._tools.word_of, insider.branch)
        return usual

    def _unfillable(self, operation: DescribedOperation) -> str:
        for one in (part for part in operation.parameters if part.place == "query" and part.required):
            is_known = asks_for_day(one.name) or asks_for_branch(one.name) or asks_for_length(one.name)
            if one.name != operation.words_in and not is_known:
                return f"it wants {one.name!r}, and what to give is not known"
        return ""

    def _note(
        self, cell: Cell, operation: DescribedOperation, asker: Insider, owner: Insider, judgement: Judgement
    ) -> None:
        if judgement.verdict is Verdict.OTHERS:
            self._tools.matrix.opened(cell, operation.words, asker.who, owner.branch, judgement.record)
        elif judgement.verdict is Verdict.UNSURE:
            self._tools.matrix.not_tried(cell, f"whose it is cannot be told: {judgement.why_unsure}")
        else:
            self._tools.matrix.held(cell, operation.words)


def _settled(judgement: Judgement, mine: View, own: View) -> Judgement:
    """Of one key there is one record, where the two lists show that keys are given once for all branches."""
    if judgement.verdict is Verdict.UNSURE and judgement.record and keys_are_given_once(mine, own):
        return Judgement(Verdict.OTHERS, judgement.record)
    return judgement


def _neighbours(people: Sequence[Insider]) -> Iterator[tuple[Insider, Insider]]:
    """Each with the next, in a circle."""
    for place, one in enumerate(people):
        yield one, people[(place + 1) % len(people)]
