"""A compiled rule set in, descriptions of its facts out: JSON Schema, pydantic models, source text."""
