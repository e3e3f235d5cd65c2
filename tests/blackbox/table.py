"""`python -m tests.blackbox.table`: every behaviour of the suite, its source, and whether taama is like Central."""

from importlib import import_module
from pathlib import Path

from tests.blackbox import behaviours


def rows():
    """[test, behaviour, source, same or why not], in the order of the files."""
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        import_module(f"tests.blackbox.{path.stem}")
    return [
        [name, b.what, b.source, f"differs: {b.differs}" if b.differs else "same"]
        for name, b in behaviours.LIST.items()
    ]


def shown():
    found = rows()
    lines = ["| test | behaviour | source | taama |", "|---|---|---|---|"]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in found]
    other = sum(row[3] != "same" for row in found)
    return "\n".join(
        [*lines, "", f"{len(found)} behaviours, {len(found) - other} the same, {other} on purpose not"]
    )


if __name__ == "__main__":
    print(shown())
