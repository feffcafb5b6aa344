"""The embedded business lives through its first weeks, with all its rounds, on a clock that is set."""
