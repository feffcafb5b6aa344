"""The web application: server-rendered pages that work without scripts and are quicker with them."""
