"""How a way can stand at an instant."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """`flaky` answered when tried again, `degraded` answered late or not to everybody: both are up.

    `maintenance` is time that was announced and is not judged; `unknown` is time in which nobody looked.
    """

    UP = "up"
    DEGRADED = "degraded"
    FLAKY = "flaky"
    DOWN = "down"
    MAINTENANCE = "maintenance"
    UNKNOWN = "unknown"

    @property
    def is_up(self) -> bool:
        return self in _UP

    @property
    def weight(self) -> int:
        """The larger, the more it says where several speak of one instant."""
        return _WEIGHTS[self]


_UP = frozenset({State.UP, State.DEGRADED, State.FLAKY})
_LIGHT_TO_HEAVY = (State.UNKNOWN, State.UP, State.FLAKY, State.DEGRADED, State.DOWN, State.MAINTENANCE)
_WEIGHTS = {state: weight for weight, state in enumerate(_LIGHT_TO_HEAVY)}
