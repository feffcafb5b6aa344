"""Where pytest meets the suite. Options, hooks and fixtures live in hypercare/; this loads the resources."""

from hypercare.fixtures import *  # noqa: F403 - the fixtures of every check below
