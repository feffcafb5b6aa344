"""Fills a database of the embedded system's schema with as many sales as one likes, the same ones each time."""
