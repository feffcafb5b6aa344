"""Tryton 8.0 LTS: JSON-RPC, the sao web client, and its tables."""
