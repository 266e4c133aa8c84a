"""From a raw notice to a record: reading, the spaCy components, writing."""
