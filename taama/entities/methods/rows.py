"""How a list travels to phones: lines of CSV, and a hash that follows every change without reading the list again."""

import csv
import hashlib
import io

HEADER = ("name", "label", "__version")
SIZE = 1 << 256
NOTHING = "0" * 64


def header(properties):
    """The first line of a list.

    >>> header(["age"])
    'name,label,__version,age'
    """
    return _line([*HEADER, *properties])


def row(entity, properties):
    """The line of an entity.

    entity      mapping or object with `name`, `label`, `version`, `values` (property → text)
    properties  names in the order of the list
    Returns     str without the end of the line; a property that has no value is empty

    >>> from types import SimpleNamespace as Entity
    >>> row(Entity(name="e", label="A", version=2, values={"x": "1,5"}), ["x", "y"])
    'e,A,2,"1,5",'
    """
    return _line([entity.name, entity.label, entity.version, *(entity.values.get(p, "") for p in properties)])


def _line(cells):
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)  # what could end a line is quoted in a cell
    return text.getvalue()[:-2]


def widened(line, width, wanted):
    """A line that was written when the list had fewer properties, as wide as it must be now.

    >>> widened("e,A,1", 0, 2)
    'e,A,1,,'
    """
    return line + "," * (wanted - width)


def moved(digest, gone=(), come=()):
    """The digest of a set of lines after some have gone and others come, in whatever order.

    digest   64 hexadecimal digits; `NOTHING` for no lines
    gone     lines that were in the set
    come     lines that are in it from now on
    Returns  64 hexadecimal digits

    >>> moved(moved(NOTHING, come=["a", "b"]), gone=["b"]) == moved(NOTHING, come=["a"])
    True
    """
    total = int(digest, 16) - sum(map(_number, gone)) + sum(map(_number, come))
    return f"{total % SIZE:064x}"


def together(digests):
    """The digest of several sets of lines as one.

    >>> parts = [moved(NOTHING, come=["a"]), moved(NOTHING, come=["b"])]
    >>> together(parts) == moved(NOTHING, come=["a", "b"])
    True
    """
    return f"{sum(int(digest, 16) for digest in digests) % SIZE:064x}"


def _number(line):
    return int.from_bytes(hashlib.blake2b(line.encode(), digest_size=32).digest())


def list_hash(properties, digest):
    """What a phone compares to know whether its list is still the list: 32 hexadecimal digits.

    properties  names in the order of the list
    digest      of the lines that this phone gets
    Returns     str; two phones that get the same lines get the same hash, today and after a restored backup
    """
    return hashlib.md5(f"{header(properties)}\n{digest}".encode(), usedforsecurity=False).hexdigest()
