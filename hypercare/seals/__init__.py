"""What earlier rounds have looked at and found in order: a day that still is as it was then is not asked again.

`Seals.window` gives a question the days that it has to ask; `Seals.daily` and `Seals.accumulated` remember figures of
the past; `PastSales` tells of what changed in months that no daily question reaches.
"""

from hypercare.seals.past_sales import PastSales
from hypercare.seals.seals import Seals
from hypercare.seals.store import SealStore
from hypercare.seals.window import Watch, Window

__all__ = ["PastSales", "SealStore", "Seals", "Watch", "Window"]
