"""The promises of the door protocol, each tried on a real target: `hypercare adapter test`."""
