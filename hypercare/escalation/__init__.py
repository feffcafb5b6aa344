"""From failures to incidents, and from incidents to people."""
