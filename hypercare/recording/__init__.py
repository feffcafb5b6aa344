"""From a recording of Playwright's codegen to flows of a target file."""
