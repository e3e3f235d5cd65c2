"""Cells of a csv file: how long one may be. The standard reader knows one limit for the whole process."""

import csv
from contextlib import contextmanager

LONGEST = 131_072  # characters: more is most often a quote that nobody closed


@contextmanager
def longest_cell(most=LONGEST):
    """Within the block a longer cell is a `csv.Error`, whatever another library set for itself."""
    usual = csv.field_size_limit(most)
    try:
        yield
    finally:
        csv.field_size_limit(usual)
