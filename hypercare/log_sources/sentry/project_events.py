"""Sentry's lists of a project: its events, and its issues with whom they are assigned to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from hypercare.log_sources.asking import LogServer
from hypercare.log_sources.protocol import Entry, Since, SourceRefused, SourceUnreadable
from hypercare.target_file.sections.log_sources import SentrySection

_MOST_PAGES = 500
# Pages of issues: those that were seen last come first, and nobody has so many open that matter.
_MOST_PAGES_OF_ISSUES = 10
# What Sentry takes for an event that states no level.
_USUAL_LEVEL = "error"


@dataclass(frozen=True)
class _Issue:
    """A group of events; `owner` is whom it is assigned to."""

    level: str
    owner: str
    short_id: str


class Sentry:
    """The events of one project."""

    def __init__(self, section: SentrySection) -> None:
        self._section = section
        project = f"{quote(section.organisation, safe='')}/{quote(section.project, safe='')}"
        self._path = f"/api/0/projects/{project}"
        self._server = LogServer("Sentry", section.url, section.token, section.timeout)

    @property
    def where(self) -> str:
        return self._server.where

    def entries(self, since: Since) -> Iterator[Entry]:
        issues: Mapping[str, _Issue] | None = None
        for page in self._pages(f"{self._path}/events/", {"per_page": self._section.page}, _MOST_PAGES):
            found = [self._timed(event) for event in page]
            wanted = [(at, event) for at, event in found if at >= since.at]
            if wanted and issues is None:
                issues = self._issues(since.at)
            yield from (self._entry(event, at, issues or {}) for at, event in wanted)
            if len(wanted) < len(found):
                return

    def _pages(self, path: str, parameters: Mapping[str, str | int], most: int) -> Iterator[list[dict[str, Any]]]:
        cursor = ""
        for _ in range(most):
            answer = self._server.get(path, {**parameters, **({"cursor": cursor} if cursor else {})})
            if not isinstance(answer.content, list) or not all(isinstance(one, dict) for one in answer.content):
                raise SourceUnreadable(self.where, "it does not answer as Sentry does")
            yield answer.content
            if not answer.next_cursor or answer.next_cursor == cursor:
                return
            cursor = answer.next_cursor

    def _issues(self, since: datetime) -> Mapping[str, _Issue]:
        """What is known of the groups that were seen lately; nothing where the token may read events only."""
        found: dict[str, _Issue] = {}
        asked: dict[str, str | int] = {"query": "", "sort": "date", "limit": self._section.page}
        try:
            for page in self._pages(f"{self._path}/issues/", asked, _MOST_PAGES_OF_ISSUES):
                found |= {str(one.get("id")): _issue(one) for one in page}
                last_seen = [at for one in page if (at := _instant(one.get("lastSeen"))) is not None]
                if not last_seen or min(last_seen) < since:
                    break
        except SourceRefused:
            return found
        return found

    def _timed(self, event: dict[str, Any]) -> tuple[datetime, dict[str, Any]]:
        at = _instant(event.get("dateCreated") or event.get("dateReceived"))
        if at is None:
            raise SourceUnreadable(self.where, "its events state no time")
        return at, event

    def _entry(self, event: dict[str, Any], at: datetime, issues: Mapping[str, _Issue]) -> Entry:
        tags = _tags(event)
        issue = issues.get(str(event.get("groupID")), _Issue("", "", ""))
        user = event.get("user") if isinstance(event.get("user"), dict) else {}
        fields = {
            "level": tags.get("level") or event.get("level") or issue.level or _USUAL_LEVEL,
            "message": str(event.get("title") or event.get("message") or ""),
            "logger": event.get("culprit") or tags.get("logger") or "",
            "trace_id": tags.get("trace") or str(event.get("eventID") or ""),
            "user": next((str(user[name]) for name in ("username", "id", "email") if user and user.get(name)), ""),
            "owner": issue.owner,
        }
        own_id = str(event.get("eventID") or event.get("id") or "")
        if not own_id:
            raise SourceUnreadable(self.where, "it does not answer as Sentry does")
        place = f"event {own_id}" + (f" of {issue.short_id}" if issue.short_id else "")
        return Entry(at, own_id, place, {name: value for name, value in fields.items() if value})


def _issue(one: Mapping[str, Any]) -> _Issue:
    assigned = one.get("assignedTo")
    owner = str(assigned.get("name") or assigned.get("email") or "") if isinstance(assigned, dict) else ""
    return _Issue(str(one.get("level") or ""), owner, str(one.get("shortId") or ""))


def _tags(event: Mapping[str, Any]) -> Mapping[str, str]:
    tags = event.get("tags")
    pairs = tags if isinstance(tags, list) else []
    return {str(one.get("key")): str(one.get("value")) for one in pairs if isinstance(one, dict)}


def _instant(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
