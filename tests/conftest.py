"""Random tests try the same cases at each run; RULEC_RANDOM=1 has them try new ones, as long runs should."""

import os

from hypothesis import settings
from hypothesis.internal.conjecture import providers

RANDOM = bool(os.environ.get("RULEC_RANDOM"))
settings.register_profile("rulec", derandomize=not RANDOM, deadline=None)  # a slow machine is no fault
settings.load_profile("rulec")
if not RANDOM:
    # it takes values from the modules that are loaded: those differ from one worker to the next
    vars(providers)["is_local_module_file"] = lambda path: False
