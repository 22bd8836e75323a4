"""Ast to model: names, types, and what each statement means."""
