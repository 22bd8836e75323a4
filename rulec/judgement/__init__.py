"""The only place that talks to a model: what is open is asked, checked against its text, and written down."""
