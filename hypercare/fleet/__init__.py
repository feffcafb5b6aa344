"""Rounds of many targets: which are meant, which part of them is ours, each once, and how all of them stand."""
