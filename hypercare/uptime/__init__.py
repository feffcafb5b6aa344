"""Uptime with receipts: from samples, maintenance and corrections to seconds, and from seconds to a percentage.

Arithmetic only: nothing here reads a clock, a file or a database.
"""
