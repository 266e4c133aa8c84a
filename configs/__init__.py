"""The spaCy configs that ship with tongbao."""
