"""What is remembered from round to round."""
