"""The operations model: the business in the suite's own words, asked of the target's database."""
