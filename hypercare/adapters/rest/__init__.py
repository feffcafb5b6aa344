"""Systems with an API of their own, worked with as the [rest] part of their target file says."""
