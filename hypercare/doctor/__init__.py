"""What `hypercare doctor` does: tries every way into a target, and tells which items will be covered."""
