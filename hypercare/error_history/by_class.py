"""How many errors of a period there were of each class."""

from __future__ import annotations

from collections.abc import Mapping

from hypercare.logs.errors import ErrorClass, Errors


def by_class(errors: Errors) -> Mapping[str, int]:
    """The gravest class first; a class without an error has none."""
    return {one.value: errors.of_class(one).count for one in ErrorClass}
