"""Faults that are generated from the mapping: each mapped column wrong in every way that its type allows."""
