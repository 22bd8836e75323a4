"""Text to ast: layout, words, lexer, grammar, and the ast itself."""
