"""A running, filled Tryton 8.0 LTS, built from the registries: the official integration target."""
