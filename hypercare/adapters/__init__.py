"""How a given system does it: one folder an adapter."""
