"""What the daily reports ask about sales and production: a day beside other days, and one module beside the next."""
