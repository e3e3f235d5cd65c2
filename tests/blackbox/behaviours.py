"""The list of behaviours: what a phone can rely on, where it was learned, and where taama differs on purpose.

Sources: `Central` is ODK Central's own integration tests (getodk/central-backend, Apache-2.0, commit 4f5943d1, file
and line of the case); `Collect` the code of ODK Collect (getodk/collect); `Kobo` an idea of KoboToolbox's tests;
`ours` is asked by nobody else. All are expressed anew here: no text or code is theirs.
"""

from dataclasses import dataclass

CENTRAL = "Central test/integration"
LIST: dict[str, "Behaviour"] = {}


@dataclass(frozen=True)
class Behaviour:
    what: str
    source: str
    differs: str = ""  # why taama answers otherwise than ODK Central; '' when it answers the same


def behaviour(what, source, differs=""):
    """Mark a test as the one that shows a behaviour."""

    def mark(test):
        LIST[f"{test.__module__.rpartition('.')[2]}.{test.__name__}"] = Behaviour(what, source, differs)
        return test

    return mark
