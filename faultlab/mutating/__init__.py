"""Weakening the checks on purpose: each time, some fault must go unnoticed, or the check says nothing of its own."""
