"""What a piece of work costs: processor time of processes and of what a database server does for a connection."""
