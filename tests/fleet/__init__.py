"""Rounds of many targets."""
