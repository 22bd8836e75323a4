"""Models and declarations in, sentences of the language out, in French or English."""
