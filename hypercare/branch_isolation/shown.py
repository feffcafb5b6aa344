"""What got through the isolation: looks at another branch's records that the system answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hypercare.outcome.finding import MOST_ROWS
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import Account


@dataclass
class Shown:
    """Looks that were let through. `of` is how many were tried; `blind` are lists that cannot tell, with the reason;
    `unsure` who was shown what could be their own as well as another's."""

    where: str
    of: int = 0
    sample: list[Mapping[str, object]] = field(default_factory=list)
    count: int = 0
    branches: tuple[str, ...] = ()
    blind: Sequence[str] = ()
    unsure: list[str] = field(default_factory=list)

    @property
    def found(self) -> Found:
        return Found(count=self.count, of=self.of, sample=self.sample, where=self.where, branches=self.branches)

    def add(self, who: Account, how: str, record: Mapping[str, str], owner: str) -> None:
        """`record` names one of the records that were shown: {"sale": "HAR-0012"}."""
        self.count += 1
        self.branches = tuple(sorted({*self.branches, str(who.branch)}))
        if len(self.sample) < MOST_ROWS:
            row = {"account": who.username, "branch": who.branch, "how": how, **record}
            self.sample.append({**row, "belongs to": owner})

    def require_all_decided(self) -> None:
        """Raises NotCovered when a list showed nobody anything, since it would show no leak either, or when it cannot
        be told whose a record is that was shown."""
        if self.blind:
            raise NotCovered(
                f"Nothing was shown to anybody by: {', '.join(self.blind)}.",
                remedy="See whether path, as_roles and branch (or key) in [[api.branch_lists]] are right.",
            )
        if self.unsure:
            raise NotCovered(
                "What was shown may be their own as well as another branch's, since each has a record of that key and "
                f"both say the same: {', '.join(self.unsure[:5])}.",
                remedy="Say where a record names its branch ([rest.sale] branch, [[api.branch_lists]] "
                "branch), and what "
                "the branches are called there ([rest.branches]).",
            )
