"""How a folder of forms fares: `python -m tests.forms.corpus FOLDER [--refused] [--table]`.

Every file below the folder that could be a form (.xlsx, .xlsm, .xls, .csv, .md, .xml) is read, judged, mended and
converted as an import would do, without the network. Printed, for the whole and for each folder directly below:

    as it is    no fault that stops, and the compiler makes an XForm of it
    certain     so after the repairs that can't change what is asked
    offered     so after the repairs that somebody would have to confirm (the first one offered for each fault)
    refused     not even then; --refused names each file with its first reasons
    crashed     an error that is not ours: must be 0

The forms themselves are not part of the project. Bring your own, for example the fixtures of a form compiler.
"""

import argparse
import sys
import traceback
import warnings
from collections import Counter
from pathlib import Path

from taama.base.errors import MethodError
from taama.base.messages import message
from taama.forms.methods.converting import convert, faults_of_error
from taama.forms.methods.judging import find_in_xform
from taama.xlsforms.methods.faults import errors, find_faults
from taama.xlsforms.methods.reading import kind_of, read_book
from taama.xlsforms.methods.repairing import asked, repair

ENDINGS = (".xlsx", ".xlsm", ".xls", ".csv", ".md", ".xml")
FATES = ("as it is", "certain", "offered", "refused", "crashed")


def fate(source, name):
    """What becomes of one file. Returns (fate, faults that remain)."""
    try:
        if kind_of(source, name) == "xml":
            left = errors(find_in_xform(source, name))
            return ("refused" if left else "as it is"), left
        book = read_book(source, name)
    except MethodError as error:
        return "refused", [faults_of_error(error)]
    left = stopping(book, find_faults(book))
    if not left:
        return "as it is", []
    for word, chosen in (("certain", ()), ("offered", "likely")):
        mended = repair(book, chosen)
        if asked(mended.book) < asked(book):
            raise AssertionError(f"a repair dropped a question of {name}")
        left = stopping(mended.book, mended.faults)
        if not left:
            return word, []
    return "refused", left


def stopping(book, faults):
    """What still stops a form: our errors, else the compiler's."""
    return errors(faults) or errors(convert(book).faults)


def fares(folder, say=lambda text: None):
    """Fates of all files below a folder, by the folder directly below it. `say` gets a line for each file not as it is."""
    counts, reasons = {}, Counter()
    for path in sorted(p for p in Path(folder).rglob("*") if p.suffix.lower() in ENDINGS and p.is_file()):
        group = path.relative_to(folder).parts[0] if path.parent != Path(folder) else "."
        kind = "XForm" if path.suffix.lower() == ".xml" else "form"
        try:
            word, left = fate(path.read_bytes(), path.name)
        except Exception:  # counting these is what the script is for
            word, left = "crashed", []
            traceback.print_exc()
        counts.setdefault((group, kind), Counter())[word] += 1
        reasons.update({fault.code for fault in left})
        if word in ("refused", "crashed"):
            told = [f"{f.sheet} {f.row or ''}: {message(f.code, 'en', f.values).cause}" for f in left[:3]]
            say(f"{word:8} {path.relative_to(folder)}\n         " + "\n         ".join(told))
    return counts, reasons


def table(counts):
    """The counts as lines of text, the sum last."""
    total = {}
    for (_, kind), found in counts.items():
        total.setdefault(("all", kind), Counter()).update(found)
    lines = [f"{'folder':52} {'kind':6} {'files':>6} " + " ".join(f"{word:>9}" for word in FATES)]
    for (group, kind), found in [*sorted(counts.items()), *sorted(total.items())]:
        numbers = " ".join(f"{found[word]:9}" for word in FATES)
        lines.append(f"{group[:52]:52} {kind:6} {sum(found.values()):6} {numbers}")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument(
        "--refused", action="store_true", help="name each refused file with its first reasons"
    )
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    counts, reasons = fares(options.folder, print if options.refused else lambda text: None)
    print("\n".join(table(counts)))
    print("\nWhy refused: " + ", ".join(f"{code} {count}" for code, count in reasons.most_common()))
    sys.exit(1 if any(found["crashed"] for found in counts.values()) else 0)


if __name__ == "__main__":
    main()
