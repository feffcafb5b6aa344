"""Systems written by others, lived in for some days, looked at and spoilt: docs/foreign-systems.md."""
