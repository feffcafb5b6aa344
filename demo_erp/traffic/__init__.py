"""The business at work: people come, customers buy, the workshop sews, and every figure of it is known.

The same seed gives the same days, at whatever pace they are lived and however often that is interrupted.
"""

from __future__ import annotations

from demo_erp.traffic.living import live_until
from demo_erp.traffic.opening import open_business

__all__ = ["live_until", "open_business"]
