"""Requests and answers, whatever sends them."""
