"""The reports of all days in one place: their index, and how they are put where others read them."""
