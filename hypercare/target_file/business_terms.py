"""The words in which the suite speaks of any business: its ways in, its sales, its steps, and who does them."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal


class Channel(StrEnum):
    WEB = "web"
    API = "api"
    MOBILE = "mobile"

    @property
    def words(self) -> str:
        return {"web": "the web app", "api": "the API", "mobile": "the mobile app"}[self.value]


# What is sold from stock, and what is made to order and so opens a production order.
SaleKind = Literal["stock", "made_to_order"]
SaleState = Literal["draft", "final", "void"]
StepState = Literal["waiting", "started", "done"]


def words_of_kind(kind: str) -> str:
    """Which sale one of this kind is: "a sale ..."."""
    return {"stock": "from stock", "made_to_order": "of something made to order"}.get(kind, f"of the kind {kind}")


class Task(StrEnum):
    """What an account is wanted for; an adapter knows the roles that may do it."""

    SELL = "sell"
    PRODUCE = "produce"
    UNDO = "undo"
