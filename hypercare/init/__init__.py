"""What `hypercare init` does: looks at a database and an API that nobody has described, and proposes a target file."""
