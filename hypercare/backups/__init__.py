"""The target's backups: found, checked against what they say of themselves, and restored to see what they hold."""

from hypercare.backups.backups import Backups

__all__ = ["Backups"]
