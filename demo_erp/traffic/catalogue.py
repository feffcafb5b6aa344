"""What the business sells."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Article:
    """A product. `cents` is its price; `liking` is how often it is asked for; `most` the most one buys at once."""

    sku: str
    name: str
    category: str
    kind: str
    cents: int
    liking: float = 1.0
    most: int = 1

    @property
    def price(self) -> Decimal:
        return money(self.cents)

    def __hash__(self) -> int:
        return hash(self.sku)


def money(cents: int) -> Decimal:
    """An amount in euro, with its two places, of a number of cents."""
    return Decimal(cents).scaleb(-2)


_RETAIL: dict[str, list[tuple[str, int, float, int]]] = {
    "veils": [
        ("Veil, fingertip, plain tulle", 8900, 3, 1),
        ("Veil, chapel, plain tulle", 12900, 2, 1),
        ("Veil, cathedral, lace edge", 24900, 1, 1),
        ("Veil, birdcage", 5900, 2, 1),
        ("Veil comb, pearls", 3490, 3, 2),
    ],
    "headpieces": [
        ("Tiara, crystal", 14900, 1.2, 1),
        ("Headband, satin", 3990, 2.5, 2),
        ("Hair pins, pearl, set of six", 1990, 5, 3),
        ("Hair vine, silver leaves", 6490, 2, 1),
        ("Fascinator, feather", 7490, 1.2, 1),
    ],
    "jewellery": [
        ("Earrings, pearl drop", 4590, 4, 1),
        ("Necklace, freshwater pearl", 8990, 2, 1),
        ("Bracelet, crystal", 5490, 2, 1),
        ("Cuff links, mother of pearl", 6990, 2, 1),
    ],
    "shoes": [
        ("Pumps, ivory satin", 11900, 2, 1),
        ("Sandals, silver", 9900, 1.8, 1),
        ("Ballerinas, ivory", 7900, 2.2, 1),
        ("Shoe clips, crystal", 2490, 2, 2),
    ],
    "accessories": [
        ("Gloves, satin, elbow length", 3990, 2, 1),
        ("Garter, lace", 1990, 4, 2),
        ("Belt, beaded", 8900, 1.6, 1),
        ("Clutch, ivory", 5900, 1.8, 1),
        ("Shawl, chiffon", 4490, 2.5, 1),
        ("Bolero, lace", 9900, 1.5, 1),
        ("Petticoat, three hoops", 6900, 1.8, 1),
        ("Garment bag, long", 1990, 5, 2),
        ("Handkerchief, embroidered", 1490, 4, 4),
        ("Ring cushion", 2490, 2.5, 1),
    ],
    "menswear": [
        ("Bow tie, silk", 3490, 4, 2),
        ("Tie and pocket square, silk", 4990, 4, 2),
        ("Waistcoat, jacquard", 11900, 2, 1),
        ("Shirt, wing collar", 7990, 3, 2),
        ("Braces, ivory", 2990, 2.5, 1),
        ("Suit, ready made", 44900, 0.8, 1),
    ],
    "gowns": [
        ("Gown, ready made, A-line", 79000, 0.6, 1),
        ("Gown, ready made, sheath", 69000, 0.5, 1),
        ("Bridesmaid dress, chiffon", 15900, 2, 3),
        ("Flower girl dress", 8900, 2, 2),
        ("Cocktail dress, crepe", 18900, 1.4, 1),
    ],
    "care": [
        ("Fabric freshener", 1290, 3, 2),
        ("Emergency sewing kit", 990, 5, 2),
        ("Silk wash, 250 ml", 1490, 3, 2),
        ("Fashion tape", 990, 4, 2),
        ("Preservation box", 8900, 1.2, 1),
    ],
}
_STUDIO: dict[str, list[tuple[str, int, float, int]]] = {
    "made to measure": [
        ("Gown, made to measure, mikado", 240000, 1.0, 1),
        ("Gown, made to measure, lace", 285000, 1.0, 1),
        ("Gown, made to measure, couture", 390000, 0.3, 1),
        ("Gown, made to measure, crepe", 198000, 1.3, 1),
        ("Two-piece, made to measure", 169000, 1.0, 1),
        ("Jumpsuit, made to measure", 145000, 0.8, 1),
        ("Evening dress, made to measure", 98000, 1.5, 1),
        ("Bridesmaid dress, made to measure", 42000, 2.5, 1),
        ("Suit, made to measure", 115000, 1.6, 1),
        ("Waistcoat, made to measure", 26000, 2.0, 1),
        ("Mother of the bride ensemble", 89000, 1.2, 1),
        ("Christening gown from a wedding dress", 34000, 1.0, 1),
    ],
    "alterations": [
        ("Gown refitted to size", 28500, 3.0, 1),
        ("Gown shortened, with bustle", 19500, 3.0, 1),
        ("Lace sleeves added", 36500, 1.6, 1),
        ("Train added", 42500, 1.0, 1),
        ("Embroidered monogram and hem", 16500, 1.5, 1),
    ],
}


def _articles() -> tuple[Article, ...]:
    found = []
    for kind, categories in (("retail", _RETAIL), ("studio", _STUDIO)):
        for category, rows in categories.items():
            initials = "".join(word[0] for word in category.split()).upper()
            prefix = initials if len(initials) > 1 else category[:3].upper()
            for number, (name, cents, liking, most) in enumerate(rows, start=1):
                found.append(Article(f"{prefix}-{number:03d}", name, category, kind, cents, liking, most))
    return tuple(found)


ARTICLES = _articles()
RETAIL = tuple(article for article in ARTICLES if article.kind == "retail")
STUDIO = tuple(article for article in ARTICLES if article.kind == "studio")
TRAINING_RETAIL = Article("TRN-RET", "Training veil", "training", "retail", 4990)
TRAINING_STUDIO = Article("TRN-STU", "Training gown", "training", "studio", 49000)
ALL_ARTICLES = (*ARTICLES, TRAINING_RETAIL, TRAINING_STUDIO)
