"""What several days of a target come to: its weeks and months."""
