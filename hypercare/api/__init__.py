"""The API and the endpoints that the business depends on."""
