"""Why some statements can be taken out of a check without any fault going unnoticed."""

from __future__ import annotations

from faultlab.mutating.site import Site

_KINDS = (
    (
        "integrity.not_enforced",
        "Nobody outside SQLite sees that a rule is switched off; PostgreSQL and MariaDB are tried in tests/integrity.",
    ),
    (
        "completed > 0 or usual",
        "The embedded business completes too few orders a day to be judged by; it is tried in tests/operations.",
    ),
    ("require_all", "It only says what was not covered; a fault cannot show that."),
    ("require_durations", "It only says what was not covered; a fault cannot show that."),
    ("require_history", "It only says that there is too little to judge by; a fault cannot show that."),
    ("require_log_in_tried", "It only says what was not covered; a fault cannot show that."),
)


def why_it_survives(site: Site) -> str:
    """In a sentence; empty when there is no reason."""
    return next((reason for word, reason in _KINDS if word in site.words), "")
