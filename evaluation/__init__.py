"""Scoring a model against gold notices."""
