"""Statements with several readings in, questions about concrete cases out, until one reading is left."""
