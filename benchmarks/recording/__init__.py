"""What a check asks of a system, recorded so that bare programs can ask the same."""
