"""Faults by somebody who has not read the checks: drawn by kind, put in, and held against what a person would expect."""
