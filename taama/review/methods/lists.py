"""Lists that come to the phone as files: codes and what they are called."""

import csv
import io


def labels_in(content, codes, language):
    """What these codes are called in a list.

    content   bytes of a CSV file in UTF-8, as it goes to phones
    codes     set of str
    language  `fr` or `en`: a column `label::…(fr)` is preferred to `label`
    Returns   code → label, of the codes that the list has; {} where it is no such file

    >>> labels_in(b"name,label,area\\nML05,Mopti,x\\nML06,Tombouctou,x\\n", {"ML05"}, "fr")
    {'ML05': 'Mopti'}
    """
    try:
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        heads = next(rows)
        name = heads.index("name")
        labels = sorted(
            (h for h in heads if h.startswith("label")), key=lambda h: (f"({language})" not in h, h)
        )
        label = heads.index(labels[0])
        return {row[name]: row[label] for row in rows if len(row) > max(name, label) and row[name] in codes}
    except (UnicodeDecodeError, ValueError, IndexError, StopIteration, csv.Error):
        return {}
