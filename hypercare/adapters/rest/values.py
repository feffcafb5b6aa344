"""Where the {placeholders} of a request get their values: the verb, the session, lookups, the present."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from hypercare.adapters.rest.session import Session
from hypercare.clients.value_mapping import theirs
from hypercare.outcome.signals import MonitorFault
from hypercare.target_file.sections.rest import RestSection
from hypercare.target_file.target import Target

Lookup = Callable[[str, "Values"], Any]


class Values:
    """Call it with a name. `own` are the verb's values, which the answers of earlier requests add to."""

    def __init__(
        self, target: Target, rest: RestSection, session: Session, look_up: Lookup, own: Mapping[str, Any]
    ) -> None:
        self._target = target
        self._rest = rest
        self._session = session
        self._look_up = look_up
        self._being_looked_up: set[str] = set()
        self.own = dict(own)

    def __call__(self, name: str) -> Any:
        if name in self.own:
            return self.own[name]
        if name in self._session.saved_values:
            return self._session.saved_values[name]
        if name.startswith("cookie."):
            return self._session.cookies.get(name.removeprefix("cookie."))
        if name in self._rest.lookup:
            return self._value_looked_up(name)
        return self._always(name)

    def with_more(self, more: Mapping[str, Any]) -> Values:
        wider = Values(self._target, self._rest, self._session, self._look_up, {**self.own, **more})
        wider._being_looked_up = self._being_looked_up
        return wider

    def _value_looked_up(self, name: str) -> Any:
        if name in self._being_looked_up:
            raise MonitorFault(
                f"The lookup {name!r} needs itself to be looked up.", remedy="Untie the circle in [rest.lookup]."
            )
        self._being_looked_up.add(name)
        try:
            return self._look_up(name, self)
        finally:
            self._being_looked_up.discard(name)

    def _always(self, name: str) -> Any:
        now = self._target.now()
        if name == "today":
            return self._target.calendar.date_of(now).isoformat()
        if name == "now":
            return now.isoformat(timespec="seconds")
        values = {"username": self._session.username, "password": self._session.password, "unique": uuid.uuid4().hex}
        values["currency"] = self._target.config.business.currency
        if name == "branch":
            branch = self._target.config.canary.branch
            return theirs(self._rest.branches, branch) if branch else None
        return values.get(name)
