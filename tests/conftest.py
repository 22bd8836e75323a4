"""Random tests try the same cases at each run; RULEC_RANDOM=1 has them try new ones, as long runs should."""

import os

from hypothesis import settings

settings.register_profile("rulec", derandomize=not os.environ.get("RULEC_RANDOM"))
settings.load_profile("rulec")
