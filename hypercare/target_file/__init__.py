"""The target file: one typed TOML file a system, and the system as one session sees it."""
