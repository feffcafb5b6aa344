"""Synthetic transactions on the canary, and what became of them."""
