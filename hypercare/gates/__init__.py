"""Gates of the plan: whether a stretch of it was passed, criterion by criterion, with the evidence."""
