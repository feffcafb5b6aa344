"""[web] and [mobile] allow: requests that only read although they are sent as those are that write."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, field_validator

from hypercare.target_file.section import Section


class AllowedRequest(Section):
    """A request that the app's pages make with POST though it only reads: a GraphQL query, a JSON-RPC read.

    `path` is a pattern (*) of its path, or of its whole address where it goes to another host; `says` is a regular
    expression that its body must hold, each call of a batch. GraphQL's mutations and JSON-RPC methods that are named
    after a deed are held back all the same.
    """

    path: str = Field(min_length=2)
    says: str = ""

    @field_validator("says")
    @classmethod
    def _is_a_pattern(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"{value!r} is not a regular expression: {error}") from None
        return value

    def covers(self, url: str, body: str) -> bool:
        # For the few target files that allow something.
        from hypercare.http.calls import calls_in, changes_something

        address = url.partition("?")[0] if "://" in self.path else urlsplit(url).path
        return (
            fnmatchcase(address, self.path)
            and all(re.search(self.says, call) for call in calls_in(body))
            and not changes_something(body)
        )


def _paths_too(value: Any) -> Any:
    return (
        [{"path": one} if isinstance(one, str) else one for one in value] if isinstance(value, list | tuple) else value
    )


AllowedRequests = Annotated[
    tuple[AllowedRequest, ...],
    BeforeValidator(_paths_too, json_schema_input_type=tuple[str | AllowedRequest, ...]),
]
