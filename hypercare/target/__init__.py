"""The ways into the system under watch, their configuration, and the rules that keep it unharmed."""
