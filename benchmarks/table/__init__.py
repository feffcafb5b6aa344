"""The table of what this suite costs beside what one would use instead: its rows, and where they are kept."""
