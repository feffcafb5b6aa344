"""The uptime of a target: what the history keeps of it, measured and put into words."""
