"""What the tests of this folder share with others."""

from tests.standins.fixtures import standin

__all__ = ["standin"]
