"""Faults that the daily reports tell of: days of sales and production unlike others, and the first days."""
