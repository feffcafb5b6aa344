"""The same questions asked by hand and by the tools that a user would take instead."""
