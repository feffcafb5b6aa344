"""What the tests of this folder share with others."""

from tests.standins.fixtures import browser, standin

__all__ = ["browser", "standin"]
