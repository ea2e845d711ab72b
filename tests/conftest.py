"""Properties are judged by their answers: a slow or busy machine is no counter-example."""

from hypothesis import settings

settings.register_profile("armscost", deadline=None)
settings.load_profile("armscost")
