"""The small healthy business of the operations model, in which any statement may change something first."""

from tests.operations.conftest import asked, business, found

__all__ = ["asked", "business", "found"]
