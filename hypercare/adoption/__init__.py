"""How people take the system up: who comes and works, who struggles, what is used, and who comes in uninvited."""
