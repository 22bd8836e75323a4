"""What a program that acts needs of a rule set: requests and answers as JSON data, tool definitions, a gate."""
