"""The promises of the client protocol, each tried on a real target: `hypercare adapter test`."""
