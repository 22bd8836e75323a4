"""A policy in prose in, draft rules out: what a model writes counts as far as it compiles; the author confirms it."""
