"""Whether the system stays up: starts and crashes of its processes, downtime, and how both compare with week 1."""
