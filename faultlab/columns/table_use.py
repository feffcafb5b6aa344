"""Which checks ask which tables for which fields, so that a fault is looked at only by what could see it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine, event

from hypercare.outcome.signals import CheckFailed

_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_OF_ONE = re.compile(r'"?([A-Za-z_][A-Za-z_0-9]*)"?\."?([A-Za-z_][A-Za-z_0-9]*)"?')


@dataclass(frozen=True)
class TableUse:
    """The tables that a check asks, and the fields of the operations model that its answer can depend on."""

    tables: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()


class QueryRecorder:
    """A plugin that notes the words of each statement that a check puts to the database.

    A question selects from each table all that is mapped of it, and then names, as "sale.total", those fields that
    it needs: a value of any other field cannot change its answer.
    """

    def __init__(self) -> None:
        self._words: dict[str, set[str]] = defaultdict(set)
        self._named: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._check = ""

    def table_uses(self, tables: Collection[str]) -> Mapping[str, TableUse]:
        """By check, what it asks of the known tables."""
        return {
            check: TableUse(
                frozenset(words & set(tables)), frozenset(name for of, name in self._named[check] if of not in tables)
            )
            for check, words in self._words.items()
        }

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._check = nodeid

    @contextmanager
    def listening(self) -> Iterator[None]:
        event.listen(Engine, "before_cursor_execute", self._note)
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self._words[self._check].update(_WORD.findall(statement))
        self._named[self._check].update(_OF_ONE.findall(statement))


class Only:
    """A plugin that runs these checks in their order; with `until_one_fails`, no more than it takes to notice."""

    def __init__(self, checks: Collection[str], *, until_one_fails: bool) -> None:
        self._places = {check: place for place, check in enumerate(checks)}
        self._until_one_fails = until_one_fails

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [one for one in items if one.nodeid in self._places]
        items[:] = sorted(chosen, key=lambda one: self._places[one.nodeid])

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[Any]) -> None:
        if self._until_one_fails and call.excinfo is not None and call.excinfo.errisinstance(CheckFailed):
            item.session.shouldstop = "somebody has noticed"


class WhatRemembers:
    """A plugin that runs those checks alone that learn from round to round."""

    _RESOURCES = frozenset({"habits", "switched_off", "integrity"})

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [one for one in items if not self._RESOURCES.isdisjoint(getattr(one, "fixturenames", ()))]
