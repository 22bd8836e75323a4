"""Findings in, what continuous integration reads out: which of them fail, annotations, SARIF, JUnit, a baseline."""
