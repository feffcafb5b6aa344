"""The reports over the network: read by whoever logs in, and acted on by reviewers."""
