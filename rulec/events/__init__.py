"""Events in, what rules that wait for them do out: each firing once, whatever the order in which events come."""
