"""journald: by its own program, or as a file in one of the forms that it exports."""
