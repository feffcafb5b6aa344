"""The mobile web app: thin pages for thumbs, installable, and able to hold a sale until the network is back."""
