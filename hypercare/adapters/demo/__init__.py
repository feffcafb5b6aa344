"""The embedded system: a bridal-wear business with several branches."""
