"""Removing files that nobody needs: left by broken connections, killed processes and erasures."""

import itertools

from taama.base import files
from taama.base.policy import WORKER
from taama.collect.actions.removal import forget_files

BATCH = 500


def sweep_files():
    """Look at every kept file once. Returns 0: there is nothing to repeat before the next day."""
    files.sweep_incoming()
    addresses = files.addresses()
    while batch := list(itertools.islice(addresses, BATCH)):
        forget_files(by=WORKER, addresses=batch)
    return 0
