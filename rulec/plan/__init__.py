"""The plan: what is executed, and how the model becomes it."""
