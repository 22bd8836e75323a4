"""What was decided, by which rules, on which facts and with whose agreement: written down, chained, looked after."""
