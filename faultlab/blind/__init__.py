"""Faults by somebody who has not read the checks, drawn by kind and held against what a person would expect."""
