"""What ODK Collect is told of the entries that it holds. Written by hand, byte-stable."""


def integrity(fates):
    """Which entries of a list a phone must let go of.

    fates    pairs (identity, whether it is gone); what is not named here the phone keeps
    Returns  bytes
    Source   ODK Collect, which asks for it before it drops what it made itself; ODK Central

    >>> integrity([("e", True)]).decode().splitlines()[1]
    '<data><entities><entity id="e"><deleted>true</deleted></entity></entities></data>'
    """
    said = (f'<entity id="{name}"><deleted>{str(gone).lower()}</deleted></entity>' for name, gone in fates)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<data><entities>{"".join(said)}</entities></data>'.encode()
    )
