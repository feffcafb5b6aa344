"""What the business does, one file an area. The channels (API, web, mobile) call these and nothing beneath them."""
