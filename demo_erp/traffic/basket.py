"""What a customer buys, and how it is paid."""

from __future__ import annotations

from itertools import accumulate
from random import Random

from demo_erp.traffic.branches import BranchProfile
from demo_erp.traffic.catalogue import RETAIL, STUDIO, TRAINING_RETAIL, Article
from demo_erp.traffic.events import PlannedLine, PlannedSale
from demo_erp.traffic.people import Person
from demo_erp.traffic.randomness import weighted

DISCOUNTS = {5: 4.0, 10: 5.0, 15: 1.5, 20: 0.7}  # per cent, and how often
LINES_BOUGHT = {1: 0.42, 2: 0.31, 3: 0.17, 4: 0.1}
METHODS = {
    "retail": {"cash": 0.26, "card": 0.71, "transfer": 0.03},
    "studio": {"cash": 0.03, "card": 0.57, "transfer": 0.4},
}
LARGE_IN_CENTS = 40_000
SPLIT_SHARE = 0.04
_CUMULATIVE = {
    "retail": list(accumulate(article.liking for article in RETAIL)),
    "studio": list(accumulate(article.liking for article in STUDIO)),
}


class Basket:
    """Fills baskets for one branch on one day."""

    def __init__(self, chance: Random, branch: BranchProfile) -> None:
        self.chance = chance
        self.branch = branch

    def lines(self, kind: str, seller: Person) -> list[PlannedLine]:
        """One line or more, no article twice; a studio sale begins with what the studio makes."""
        if self.branch.training:
            return [PlannedLine(TRAINING_RETAIL, 1 + self.chance.getrandbits(1), 0, 1)]
        chosen: dict[str, Article] = {}
        if kind == "studio":
            article = self._article("studio")
            chosen[article.sku] = article
        number_of_lines = weighted(self.chance, LINES_BOUGHT) - (1 if kind == "studio" else 0)
        for _ in range(number_of_lines):
            article = self._article("retail")
            chosen[article.sku] = article
        return [
            PlannedLine(article, self._quantity(article), self._discount(seller), position)
            for position, article in enumerate(chosen.values(), start=1)
        ]

    def mistyped(self, line: PlannedLine) -> PlannedLine:
        """The line as it was typed by mistake: another quantity or the article beside it."""
        if line.article.kind == "studio" or self.branch.training or self.chance.random() < 0.5:
            return PlannedLine(line.article, line.quantity + 1, line.discount, line.position)
        return PlannedLine(self._article("retail"), line.quantity, line.discount, line.position)

    def _article(self, kind: str) -> Article:
        articles = RETAIL if kind == "retail" else STUDIO
        return self.chance.choices(articles, cum_weights=_CUMULATIVE[kind])[0]

    def _quantity(self, article: Article) -> int:
        if article.most == 1 or self.chance.random() < 0.7:
            return 1
        return self.chance.randint(2, article.most)

    def _discount(self, seller: Person) -> int:
        return weighted(self.chance, DISCOUNTS) if self.chance.random() < seller.discount_share else 0


def payments_for(chance: Random, sale: PlannedSale, seller: Person) -> list[tuple[str, int]]:
    """Methods and cents that add up to the sale; now and then part is paid in notes, the rest by card."""
    total = sale.cents
    if total > 8_000 and chance.random() < SPLIT_SHARE:
        notes = 1000 * chance.randint(2, max(2, min(total // 2, 30_000) // 1000))
        return [("cash", notes), ("card", total - notes)]
    weights = dict(METHODS[sale.kind])
    weights["cash"] *= seller.cash_liking * (0.3 if total > LARGE_IN_CENTS else 1)
    return [(weighted(chance, weights), total)]
