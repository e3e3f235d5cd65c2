"""How harmful a piece of data is in the wrong hands, and who may meet it."""

from enum import IntEnum


class Class(IntEnum):
    """The five classes; publishing, exporting, indexing, logging and synchronising obey them."""

    S0 = 0  # public
    S1 = 1  # partners of the response
    S2 = 2  # restricted: named roles
    S3 = 3  # confidential: named people, sealed
    S4 = 4  # critical: a life may depend on it


S0, S1, S2, S3, S4 = Class
LAKE_LIMIT = S2  # S3 and S4 never enter the lake
