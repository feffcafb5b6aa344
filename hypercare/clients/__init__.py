"""How people log in to and work with the system, whichever way they come in."""
