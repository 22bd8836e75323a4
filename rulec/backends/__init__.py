"""Plans in, something that decides out: the interpreter is the specification, the others must agree with it."""
