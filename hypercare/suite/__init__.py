"""How a round flows through pytest: options, selection, running, recording, finishing."""
