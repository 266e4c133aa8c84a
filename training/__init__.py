"""Training a model from the corpus."""
