"""The three levels of escalation."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """L1 user support, L2 technical, L3 critical. Levels compare by urgency: `Level.L1 < Level.L3`."""

    L1 = "L1"
    L2 = "L2"
    L3 = "L3"

    @property
    def words(self) -> str:
        return {"L1": "user support", "L2": "technical", "L3": "critical"}[self.value]

    @property
    def allure_severity(self) -> str:
        return {"L1": "minor", "L2": "critical", "L3": "blocker"}[self.value]
