"""The icons: one path each on a grid of 24, drawn with a stroke."""

from __future__ import annotations

ICONS = {
    "dashboard": "M4 4h7v8H4zM13 4h7v5h-7zM13 11h7v9h-7zM4 14h7v6H4z",
    "sales": "M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6",
    "production": "M7 9a2.5 2.5 0 1 1 0-5 2.5 2.5 0 0 1 0 5ZM7 20a2.5 2.5 0 1 1 0-5 2.5 2.5 0 0 1 0 5Z"
    "M9 8l11 9M9 16l11-9",
    "costs": "M5 7c0-2 14-2 14 0s-14 2-14 0ZM5 7v10c0 2 14 2 14 0V7M5 12c0 2 14 2 14 0",
    "branches": "M4 10l1.5-6h13L20 10c0 2.5-4 2.5-4 0 0 2.5-4 2.5-4 0 0 2.5-4 2.5-4 0 0 2.5-4 2.5-4 0Z"
    "M5.5 12.5V20h13v-7.5M10 20v-4h4v4",
    "users": "M9 11a3.5 3.5 0 1 1 0-7 3.5 3.5 0 0 1 0 7ZM3 20c0-7 12-7 12 0M16 4.5c3 .5 3 5.5 0 6.2M17.5 14.5"
    "c2.3.7 3.5 2.6 3.5 5.5",
    "activity": "M3 12h4l3-7 4 14 3-7h4",
    "issues": "M5 21V4M5 5c4-3 8 3 14 0v9c-6 3-10-3-14 0",
    "report": "M4 20h16M7 16v-5M12 16V5M17 16V9",
    "list": "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
    "search": "M10.5 17a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13ZM15.5 15.5L20 20",
    "plus": "M12 5v14M5 12h14",
    "cross": "M6 6l12 12M18 6L6 18",
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "alert": "M12 4l9 16H3zM12 10v4M12 17v.01",
    "download": "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14",
    "leave": "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
}


def icon_path(name: str) -> str:
    """The path of an icon; raises KeyError for one that was not drawn."""
    return ICONS[name]
