"""Lists as a phone with an area gets them."""

import csv
import io

AREA_COLUMN = "area_key"


def rows_inside(content, keys):
    """A list as a phone with an area gets it: the rows that name an area outside are left out.

    content  bytes of a CSV file
    keys     of the areas in which the phone is used, as `inside` returns them
    Returns  bytes; the same ones where the file is no CSV in UTF-8 with a column `area_key`. A row without an
             area concerns everybody

    >>> rows_inside(b"name,area_key\\na,ML0703@2021\\nb,ML0507@2021\\nc,\\n", {"ML0703@2021"})
    b'name,area_key\\na,ML0703@2021\\nc,\\n'
    """
    try:
        header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        at = header.index(AREA_COLUMN)
    except (UnicodeDecodeError, ValueError, csv.Error):
        return content
    text = io.StringIO()
    kept = (row for row in rows if len(row) <= at or not row[at] or row[at] in keys)
    csv.writer(text, lineterminator="\n").writerows([header, *kept])
    return text.getvalue().encode()
