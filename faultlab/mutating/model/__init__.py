"""Mutants of the operations model: each is the model with one thing changed, and something has to notice."""
