"""Integrity of any schema: corruption, constraints and references, by reflection and by agreement."""

from hypercare.integrity.integrity import Integrity

__all__ = ["Integrity"]
