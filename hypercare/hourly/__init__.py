"""How a business day went hour by hour, beside what is usual at that hour on such a day: the `hourly` resource."""

from hypercare.hourly.remembered_hours import Hourly, RememberedHours

__all__ = ["Hourly", "RememberedHours"]
