"""Proving that each fault is noticed: a fresh copy of a prepared system for each, and a matrix of what came of it."""
