"""Statements to the database that are slow: by what the engine counts, by its log, or by looking records up."""
