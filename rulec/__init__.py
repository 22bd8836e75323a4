"""rulec: business rules in plain French or English, compiled into decisions that explain themselves."""
