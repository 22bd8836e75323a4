"""Tables of facts in, the same tables with a decision for each row out, exact and in bounded memory."""
