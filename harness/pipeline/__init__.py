"""The stages wired together: what each needs, what decides its result, and where its artifact lies.

Every method returns a finished artifact (or what is read from it) and builds what is missing, its inputs first.
Cheap stages are keyed by their code, so that an edit rebuilds them; training and generation are keyed by the
content they are given and a version that is raised when their results change, for they take long.

One class a chapter, each continuing the one before: history, models, components, benchmark.
"""

from harness.pipeline.benchmark import Pipeline

__all__ = ["Pipeline"]
