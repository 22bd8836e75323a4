"""What a compiled rule set needs to run: the standard library alone, so that a built module can carry it."""
