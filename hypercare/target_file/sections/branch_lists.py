"""[[api.branch_lists]]: lists that show each person the records of their own branch alone."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import model_validator

from hypercare.target_file.section import Expression, Section
from hypercare.target_file.template import placeholders

_KNOWN = ("branch", "number", "today")


class BranchList(Section):
    """A list of the API in which nobody may see another branch's records: an export, a report, a search, another order.

    `branch` finds the branch of each record in the answer (JSON, or CSV with a heading); where records do not name it,
    `key` finds what tells them apart, and none may be shown to two branches. In `path` and `body`, {branch} is another
    branch, {number} the number of a sale of it, {today} the business day. It is asked as one of each of `as_roles` in
    every branch, or of the role that sells.
    """

    name: str
    path: str
    method: Literal["GET", "POST"] | None = None
    body: Any = None
    as_roles: tuple[str, ...] = ()
    branch: Expression = ""
    key: Expression = ""

    @model_validator(mode="after")
    def _can_tell(self) -> BranchList:
        if bool(self.branch) == bool(self.key):
            raise ValueError(f"{self.name!r} needs either branch or key: what tells whose a record is")
        unknown = {name for name, _ in placeholders([self.path, self.body])} - set(_KNOWN)
        if unknown:
            there = ", ".join(f"{{{one}}}" for one in _KNOWN)
            raise ValueError(f"{self.name!r} has an unknown {{{min(unknown)}}}; there are {there}")
        return self

    @property
    def verb(self) -> str:
        return self.method or ("GET" if self.body is None else "POST")

    @property
    def names_the_other(self) -> bool:
        """Whether it asks for another branch's records outright."""
        return any(name in {"branch", "number"} for name, _ in placeholders([self.path, self.body]))
