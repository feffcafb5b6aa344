"""A table in which the application writes down what goes wrong."""
