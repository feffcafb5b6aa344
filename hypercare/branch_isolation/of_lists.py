"""Declared lists, asked by people of every branch: exports, reports, searches, other orders, any kind of record."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

from hypercare.api.api import Api
from hypercare.branch_isolation.answers import rows_of_csv
from hypercare.branch_isolation.insiders import Insider
from hypercare.branch_isolation.ownership import Verdict, judged_records
from hypercare.branch_isolation.people import of_each_branch
from hypercare.branch_isolation.shown import Shown
from hypercare.clients.accounts import Accounts
from hypercare.clients.client import SystemRefused
from hypercare.clients.value_mapping import ours, theirs
from hypercare.http.exchange import Exchange
from hypercare.http.throttling import require_not_throttled
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Task
from hypercare.target_file.config import Account
from hypercare.target_file.expression import found
from hypercare.target_file.sections.branch_lists import BranchList
from hypercare.target_file.template import Writing, filled, mentions, path_filled

_KEY_OF_A_RECORD = re.compile(r"(.*\[[^\[\]]*\])\.([^\[\]|]+)")


@dataclass
class _ShownByBranch:
    """What one list showed to whom: the branches of its records, or the records by their keys."""

    records: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    statuses: set[int] = field(default_factory=set)


class ListsOfBranches:
    def __init__(self, api: Api, accounts: Accounts) -> None:
        self._api = api
        self._accounts = accounts
        rest = api.target.config.rest
        self._words: Mapping[Any, tuple[str, ...]] = rest.branches if rest is not None else {}
        self._inside: dict[str, list[Insider]] = {}
        self._numbers: dict[str, str] = {}

    def records_shown_to_others(self, lists: Sequence[BranchList]) -> Shown:
        """Ask every list as people of every branch.

        Raises:
            ChannelDown: the API cannot be reached.
        """
        shown = Shown("the API: " + ", ".join(one.name for one in lists))
        blind = []
        seller = self._accounts.on_canary(Task.SELL)[0].role
        with ExitStack() as stack:
            if any(mentions([one.path, one.body], "number") for one in lists):
                self._numbers = dict(_numbers_of(self._people(stack, seller)))
            for one in lists:
                shown_so_far = _ShownByBranch()
                for role in one.as_roles or (seller,):
                    self._ask_all(one, self._people(stack, role), shown_so_far, shown)
                if not shown_so_far.records:
                    blind.append(f"{one.name} ({_answers(shown_so_far)})")
        shown.blind = tuple(blind)
        return shown

    def _people(self, stack: ExitStack, role: str) -> list[Insider]:
        if role not in self._inside:
            try:
                accounts = of_each_branch(self._accounts, role)
            except NotCovered:
                accounts = []  # the list is named with those that nobody could ask
            entered = (self._entered(stack, account) for account in accounts)
            self._inside[role] = [one for one in entered if one is not None]
        return self._inside[role]

    def _entered(self, stack: ExitStack, account: Account) -> Insider | None:
        """None when they are not let in: that is for the check of log-ins to tell."""
        try:
            client = stack.enter_context(self._api.client(account))
        except SystemRefused:
            return None
        return Insider(account, client)

    def _ask_all(self, one: BranchList, people: Sequence[Insider], shown_so_far: _ShownByBranch, shown: Shown) -> None:
        for place, person in enumerate(people):
            other = people[(place + 1) % len(people)]
            if other is person or not self._can_be_named(one, other):
                continue
            if one.names_the_other:
                # To be shown nothing of another's proves little, unless those whose it is are shown it.
                self._strange(one, self._records_shown(one, other, other, shown_so_far), other, shown_so_far, shown)
            records = self._records_shown(one, person, other, shown_so_far)
            shown.of += 1
            strange = self._strange(one, records, person, shown_so_far, shown)
            if strange is not None:
                record, owner = strange
                shown.add(person.who, one.name, {"record": record}, owner)

    def _can_be_named(self, one: BranchList, other: Insider) -> bool:
        return other.branch in self._numbers or not mentions([one.path, one.body], "number")

    def _records_shown(
        self, one: BranchList, person: Insider, other: Insider, shown_so_far: _ShownByBranch
    ) -> list[Any]:
        """What was found in the answer; nothing where it was refused."""
        values = {
            "branch": theirs(self._words, other.branch),
            "number": self._numbers.get(other.branch),
            "today": self._api.moment().today,
        }
        path = path_filled(one.path, values.__getitem__, Writing())
        body = filled(one.body, values.__getitem__, Writing())
        exchange = self._api.send(one.verb, path, body=body, headers=person.client.headers(), name=one.name)
        require_not_throttled(exchange)
        shown_so_far.statuses.add(exchange.status)
        return list(_found_in(exchange, one))

    def _strange(
        self, one: BranchList, records: Sequence[Any], person: Insider, shown_so_far: _ShownByBranch, shown: Shown
    ) -> tuple[str, str] | None:
        """The first record that is not this person's to see, and whose it is."""
        if one.branch:
            return self._by_branch(records, person, shown_so_far)
        mine = dict(records)
        if mine:
            shown_so_far.records[person.branch].update(mine)
        for owner, owned in shown_so_far.records.items():
            if owner == person.branch:
                continue
            pairs = [(key, record, owned[key]) for key, record in mine.items() if key in owned]
            verdict = judged_records(pairs, self._words_of_others(person))
            if verdict is Verdict.OTHERS:
                return pairs[0][0], owner
            if verdict is Verdict.UNSURE:
                shown.unsure.append(f"{person.who.username} ({pairs[0][0]}, {one.name})")
        return None

    def _by_branch(
        self, records: Sequence[Any], person: Insider, shown_so_far: _ShownByBranch
    ) -> tuple[str, str] | None:
        strange = None
        for place, record in enumerate(records, start=1):
            named = [str(each) for each in (record if isinstance(record, list) else [record])]
            branches = [ours(self._words, each) or each for each in named]
            branches_named = [each for each in branches if each in self._accounts.branches]
            if branches_named:
                shown_so_far.records[person.branch].update(dict.fromkeys(branches_named))
            if branches_named and person.branch not in branches_named:
                strange = strange or (f"entry {place}", branches_named[0])
        return strange

    def _words_of_others(self, person: Insider) -> set[str]:
        others = set(self._accounts.branches) - {person.branch}
        return others | {word for branch in others for word in self._words.get(branch, ())}


def _numbers_of(sellers: Sequence[Insider]) -> Iterator[tuple[str, str]]:
    """By branch, the number of one of its sales."""
    for one in sellers:
        with suppress(SystemRefused, NotCovered):
            number = next((sale.number for sale in one.client.sales_listed() if sale.number), None)
            if number is not None:
                yield one.branch, number


def _found_in(exchange: Exchange, one: BranchList) -> Iterator[Any]:
    """The branches of the records, or the records themselves with their keys."""
    if exchange.status != 200 or exchange.looks_like_a_page:
        return
    answer = exchange.json if exchange.is_json else rows_of_csv(exchange.text)
    with suppress(ValueError):
        if one.branch:
            yield from (each for each in _listed(found(one.branch, answer)) if each not in (None, "", []))
        else:
            yield from _by_key(one.key, answer)


def _by_key(expression: str, answer: Any) -> Iterator[tuple[str, Any]]:
    """Keys with the records that they stand in, where the expression tells those: "items[].id"."""
    parts = _KEY_OF_A_RECORD.fullmatch(expression)
    if parts is None:
        yield from ((str(key), None) for key in _listed(found(expression, answer)) if key not in (None, "", []))
        return
    for record in _listed(found(parts[1], answer)):
        key = found(parts[2], record)
        if key not in (None, "", []):
            yield str(key), record


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _answers(shown_so_far: _ShownByBranch) -> str:
    if not shown_so_far.statuses:
        return "nobody could ask"
    return "answered " + ", ".join(str(status) for status in sorted(shown_so_far.statuses))
