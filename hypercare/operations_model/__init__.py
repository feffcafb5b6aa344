"""The records of a business, whatever the tables are called: the model that all checks of data ask."""
