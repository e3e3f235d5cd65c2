"""What becomes of an arrival: accepted, known already, put aside, or in conflict. The whole rule in one place."""

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    ACCEPTED = "accepted"
    AGAIN = "again"  # the same bytes once more: answered like the first time
    ASIDE = "aside"  # kept in quarantine, answered as received
    CONFLICT = "conflict"  # kept in quarantine, answered with 409
    REFUSED = "refused"  # its phone may send no longer, or too much of it waits: not kept, answered with 403


@dataclass(frozen=True)
class Verdict:
    fate: Fate
    code: str


@dataclass(frozen=True)
class Earlier:
    """A submission that is known already."""

    form_id: str
    sha256: str
    removed: bool = False  # withdrawn or erased
    replaced: bool = False


@dataclass(frozen=True)
class Asked:
    """What is known of the form that was filled: the form itself, this version of it, whether it is open."""

    form: bool = False
    version: bool = False
    open: bool = False


def judge(instance, sha256, earlier, asked, predecessor):
    """The fate of one arrival. The order of the rules matters: identity before form, form before edit.

    instance     Instance with its final instance_id, or None when its XML could not be read
    sha256       hash of the bytes that came
    earlier      Earlier of the same instance_id, or None
    asked        Asked
    predecessor  Earlier named by deprecated_id, or None
    Returns      Verdict
    Source       ODK Central's answers, except that a version, form or edit that can't be placed is kept
                 instead of refused: a refusal strands the data on the phone

    >>> judge(None, "ab", None, Asked(), None).code
    'collect.xml_unreadable'
    """
    if instance is None:
        return Verdict(Fate.ASIDE, "collect.xml_unreadable")
    if earlier:
        return _known(sha256, earlier)
    if not instance.form_id:
        return Verdict(Fate.ASIDE, "collect.form_not_named")
    if not asked.form:
        return Verdict(Fate.ASIDE, "collect.form_unknown")
    if not asked.version:
        return Verdict(Fate.ASIDE, "collect.version_unknown")
    if instance.deprecated_id:
        return _edit(instance, predecessor)
    if not asked.open:
        return Verdict(Fate.ASIDE, "collect.form_closed")
    return Verdict(Fate.ACCEPTED, "collect.received")


def _known(sha256, earlier):
    if earlier.removed:
        return Verdict(Fate.CONFLICT, "collect.instance_removed")
    if earlier.sha256 != sha256:
        return Verdict(Fate.CONFLICT, "collect.instance_conflict")
    return Verdict(Fate.AGAIN, "collect.received_again")


def _edit(instance, predecessor):
    """An edit is taken also when the form is closed: closing stops new answers, not corrections."""
    if predecessor is None:
        return Verdict(Fate.ASIDE, "collect.edit_of_unknown")
    if predecessor.form_id != instance.form_id:
        return Verdict(Fate.ASIDE, "collect.edit_of_other_form")
    if predecessor.replaced or predecessor.removed:
        return Verdict(Fate.ASIDE, "collect.edit_not_current")
    return Verdict(Fate.ACCEPTED, "collect.received")
