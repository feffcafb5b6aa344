"""The target's logs: found with their rotated pieces, filtered as bytes, and only what matters parsed."""

from hypercare.logs.logs import Logs

__all__ = ["Logs"]
