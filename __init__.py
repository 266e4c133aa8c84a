"""The public face of tongbao."""
