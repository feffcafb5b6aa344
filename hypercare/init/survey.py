"""What is known of the database for a proposal: its tables, who points at whom, and a little of what is in them."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypercare.init.names import tokens_of
from hypercare.init.references import References, confirmed, find_references
from hypercare.init.sampling import Samples
from hypercare.init.schema import Table

# Which entity a field of the operations model points at.
POINTS_AT = {
    "branch": "branch",
    "user": "user",
    "customer": "customer",
    "product": "product",
    "sale": "sale",
    "order": "production_order",
    "step": "step",
    "payment": "payment",
    **dict.fromkeys(
        (
            "created_by",
            "finalised_by",
            "voided_by",
            "received_by",
            "handed_in_by",
            "assigned_to",
            "updated_by",
            "entered_by",
            "reported_by",
        ),
        "user",
    ),
}


@dataclass
class DatabaseSurvey:
    """`chosen` says which table is which entity, as far as it is decided."""

    tables: dict[str, Table]
    samples: Samples
    references: References
    noise: frozenset[str] = frozenset()
    chosen: dict[str, str] = field(default_factory=dict)
    _confirmed: set[str] = field(default_factory=set)

    @classmethod
    def at(cls, tables: dict[str, Table], samples: Samples) -> DatabaseSurvey:
        return cls(tables, samples, find_references(tables), _common_words(tables))

    def quote(self, name: str) -> str:
        """A name as SQL of this engine: quoted where it must be."""
        return self.samples.connection.dialect.identifier_preparer.quote(name)

    def quote_table(self, name: str) -> str:
        return ".".join(self.quote(part) for part in name.split("."))

    def source(self, name: str) -> str:
        """What stands in SQL after FROM: the table, or the SELECT that it is derived by."""
        select = self.tables[name].select
        return self.quote_table(name) if select is None else f"({select})"

    def know(self, name: str) -> None:
        """DatabaseSurvey at the sampled values of a table once, so that its references are confirmed or dropped."""
        if name not in self._confirmed:
            self._confirmed.add(name)
            confirmed(self.references, self.samples, name)


def _common_words(tables: dict[str, Table]) -> frozenset[str]:
    """First words that most tables share: a prefix of the product, not a word of the business."""
    firsts: dict[str, int] = {}
    for name in tables:
        tokens = tokens_of(name.rpartition(".")[2])
        if len(tokens) > 1:
            firsts[tokens[0]] = firsts.get(tokens[0], 0) + 1
    return frozenset(word for word, times in firsts.items() if len(tables) >= 5 and times > 0.7 * len(tables))
