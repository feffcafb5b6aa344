"""What the business does, one file an area. Doors (API, web, mobile) call these and nothing beneath them."""
