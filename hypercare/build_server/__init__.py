"""What a build server shows of the round that it runs."""
