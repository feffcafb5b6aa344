"""Where pytest meets the suite. Options, hooks and fixtures live in hypercare/; this loads the resources."""

pytest_plugins = ["hypercare.fixtures"]
