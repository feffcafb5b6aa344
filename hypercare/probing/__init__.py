"""Looking at the ways into a target every minute, cheaply, and taking in what other probers saw."""
