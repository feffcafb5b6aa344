"""A spoilt way between the people and their system: a server that passes on what is said, but for what a fault does."""
