"""What is looked at when, by whom, and what people will be asked: the plan as the days to come."""
