"""Findings in, messages out: each diagnostic has a stable code, a place, and values for its message.

The messages stand in `catalogue/*.toml`, both languages side by side; `rulec explain CODE` prints the page.
"""

from rulec.diagnostics.report import Diagnostic, Diagnostics, Fix, Related, Severity, diagnostic

__all__ = ["Diagnostic", "Diagnostics", "Fix", "Related", "Severity", "diagnostic"]
