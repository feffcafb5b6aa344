"""The colours of charts stand apart from what they lie on, in both themes and on paper."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from hypercare.charts.chart import TEMPLATES
from hypercare.reports.page import page_assets

STYLE = str(page_assets()["style"])
VARIABLE = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6}|#[0-9a-f]{3})\b", re.IGNORECASE)
TEXT, SHAPE = 4.5, 3.0


def colours_of(head: str) -> dict[str, str]:
    start = STYLE.index(head) + len(head)
    return dict(VARIABLE.findall(STYLE[start : STYLE.index("}", start)]))


LIGHT = colours_of(":root {")
DARK = {**LIGHT, **colours_of("@media (prefers-color-scheme: dark) {\n  :root {")}
PAPER = {**LIGHT, **colours_of("@media print {\n  :root {")}
THEMES = {"light": LIGHT, "dark": DARK, "paper": PAPER}


def channels(colour: str) -> list[float]:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    return [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]


def luminance(parts: list[float]) -> float:
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: list[float], other: list[float]) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colours: Mapping[str, str], name: str, share: float, over: str) -> list[float]:
    pairs = zip(channels(colours[name]), channels(colours[over]), strict=True)
    return [share * upper + (1 - share) * lower for upper, lower in pairs]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("colour", "ground", "least"),
    [
        ("ink", "card", TEXT),
        ("soft", "card", TEXT),
        *((tone, f"{tone}-wash", TEXT) for tone in ("good", "warn", "bad", "unknown")),
        *((name, "card", SHAPE) for name in ("L1", "warn", "bad", "good", "unknown", "soft", "ink")),
        ("L1", "sunk", SHAPE),
        ("bad", "sunk", SHAPE),
    ],
)
def test_a_colour_stands_apart_from_its_ground(theme: str, colour: str, ground: str, least: float) -> None:
    colours = THEMES[theme]
    assert contrast(channels(colours[colour]), channels(colours[ground])) >= least


@pytest.mark.parametrize("theme", THEMES)
def test_what_shines_through_stands_apart_still(theme: str) -> None:
    style = (TEMPLATES / "charts.css").read_text(encoding="utf-8")
    opacity = re.search(r"\.bar-row \.rest \{[^}]*fill-opacity: ([.\d]+)", style)
    assert opacity is not None
    colours = THEMES[theme]
    assert contrast(mixed(colours, "soft", float(opacity[1]), "card"), channels(colours["card"])) >= SHAPE


def test_charts_name_no_colour_of_their_own() -> None:
    style = (TEMPLATES / "charts.css").read_text(encoding="utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgb", style) == []
