"""Random tests try the same cases at each run; RULEC_RANDOM=1 has them try new ones, as long runs should."""

import os

from hypothesis import settings
from hypothesis.internal.conjecture import providers

if not os.environ.get("RULEC_RANDOM"):
    settings.register_profile("rulec", derandomize=True)
    settings.load_profile("rulec")
    # it takes values from the modules that are loaded: those differ from one worker to the next
    vars(providers)["is_local_module_file"] = lambda path: False
