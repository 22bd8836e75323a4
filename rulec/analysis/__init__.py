"""A plan in, what is proven of it out: conflicts, gaps, rules that never apply. It only reads the plan."""
