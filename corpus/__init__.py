"""Annotated notices: the formats they come in and the checks they must pass."""
