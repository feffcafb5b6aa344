"""The target's database: how it is reached, asked and understood."""
