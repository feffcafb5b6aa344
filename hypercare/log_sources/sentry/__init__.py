"""Sentry, and what answers as it does (GlitchTip)."""
