"""Examples run against their rules: what passes, what fails and why, what no example reaches."""
