"""The mobile app on an emulated phone."""
