"""Two plans in, which decisions differ out: proven for all facts, or counted over past ones."""
