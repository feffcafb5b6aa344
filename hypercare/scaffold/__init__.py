"""A small project of somebody's own: what `hypercare new` writes."""
