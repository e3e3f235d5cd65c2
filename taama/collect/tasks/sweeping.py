"""What intake leaves to be tidied: files that nobody needs, edits that came at one moment with their original."""

import itertools

from taama.base import files
from taama.base.policy import WORKER
from taama.collect.actions import quarantine
from taama.collect.actions.removal import forget_files

BATCH = 500


def join_edits():
    """Returns how many edits found what they edit."""
    return quarantine.join_edits(by=WORKER)


def sweep_files():
    """Look at every kept file once. Returns 0: there is nothing to repeat before the next hour."""
    files.sweep_incoming()
    addresses = files.addresses()
    while batch := list(itertools.islice(addresses, BATCH)):
        forget_files(by=WORKER, addresses=batch)
    return 0
