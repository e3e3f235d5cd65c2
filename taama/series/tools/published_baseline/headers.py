"""Where the header of a sheet stands and which column holds what: by HXL tag where plain, else by the words' meaning."""

from dataclasses import dataclass, field, replace

from taama.base.errors import TaamaError, Where
from taama.series.tools.published_baseline.meaning import NOTHING, UNITS, hxl_meaning, meaning

LINES_LOOKED_AT = 60
OWN_COLUMNS = {"submission", "sheet", "row", "kind", "findings"}
LABELS = {
    "idp": ("PDI", "IDP"), "returned_idp": ("PDI retournées", "returned IDP"), "repatriate": ("Rapatriés", "Repatriate"),
    "returnee": ("Retournés", "Returnee"), "relocated": ("Relocalisés", "Relocated"), "migrant": ("Migrants", "Migrant"),
    "host": ("Hôtes", "Host"), "refugee_abroad": ("Réfugiés à l'étranger", "Refugee abroad"),
    "households": ("ménages", "households"), "people": ("individus", "individuals"),
}  # fmt: skip


@dataclass(frozen=True)
class Columns:
    """What each column of a sheet holds. `first`: index of the first line of data in the sheet's lines.

    fields    field → position of the column
    others    position → name under which a column that is not understood is kept
    headers   position → header as it stands in the file
    disputed  (header, tag, field taken): columns whose header and tag say different things
    """

    fields: dict[str, int]
    others: dict[int, str]
    headers: dict[int, str]
    first: int
    header_rows: tuple[int, ...]
    disputed: tuple = ()

    def position(self, name):
        return self.fields.get(name)


@dataclass
class _Candidate:
    headers: list[str]
    first: int
    rows: tuple[int, ...]
    meanings: list = field(default_factory=list)

    @property
    def score(self):
        """Places and counts understood; a header without both is no header."""
        places = {m.field for m in self.meanings if m.is_place}
        counts = {m.field or (m.group, m.unit) for m in self.meanings if m.is_count}
        return len({m.field for m in self.meanings if m.field}) + len(counts) if places and counts else 0


def find_columns(sheet, filename):
    """The columns of a sheet, or None where no line of it is a header.

    sheet    grid.Sheet
    Returns  Columns, or None
    Raises   TaamaError naming column and candidates: a header that may mean two things, two columns that mean the same
    """
    tags_at = next(
        (index for index, (_, cells) in enumerate(sheet.lines[:LINES_LOOKED_AT]) if _is_tags(cells)), None
    )
    best = _best_header(sheet, tags_at)
    tags = sheet.lines[tags_at][1] if tags_at is not None else []
    if best is None:
        best = _Candidate([""] * len(tags), tags_at + 1, ()) if tags else None
    if best is None:
        return None
    first = max(best.first, 0 if tags_at is None else tags_at + 1)
    width = max(len(best.headers), len(tags))
    headers = [*best.headers, *[""] * (width - len(best.headers))]
    tags = [*tags, *[""] * (width - len(tags))]
    meanings, disputed = _joined(headers, tags)
    meanings = _with_neighbours(meanings)
    shown = [header.strip() or tag.strip() for header, tag in zip(headers, tags, strict=True)]
    meanings = _with_units(meanings, shown, sheet.name, filename)
    rows = best.rows + ((sheet.lines[tags_at][0],) if tags_at is not None else ())
    fields = _fields(meanings, shown, sheet.name, filename, rows)
    if not any(name.startswith("admin") for name in fields) or not any(
        name.endswith(UNITS) for name in fields
    ):
        return None
    return Columns(fields, _others(fields, shown), dict(enumerate(shown)), first, rows, tuple(disputed))


def _is_tags(cells):
    filled = [cell.strip() for cell in cells if cell.strip()]
    return sum(cell.startswith("#") and len(cell) > 2 for cell in filled) * 2 > len(filled) > 1


def _best_header(sheet, tags_at):
    best, above = None, None
    for index, (row, cells) in enumerate(sheet.lines[:LINES_LOOKED_AT]):
        if index == tags_at or not any(cell.strip() for cell in cells):
            continue
        candidates = [_Candidate(cells, index + 1, (row,), [meaning(cell) for cell in cells])]
        if above is not None:
            joined = _stacked(above[1], cells)
            candidates.append(
                _Candidate(joined, index + 1, (above[0], row), [meaning(cell) for cell in joined])
            )
        for candidate in candidates:
            if candidate.score > (best.score if best else 0):
                best = candidate
        above = (row, cells)
    return best


def _stacked(above, below):
    """Two header lines as one: « PDI » over « Ménages | Individus », merged or not."""
    above = [*above, *[""] * (len(below) - len(above))]
    below = [*below, *[""] * (len(above) - len(below))]
    headers, group = [], ""
    for upper, lower in zip(above, below, strict=True):
        group = upper.strip() or group
        both = f"{group} {lower}".strip()
        if not lower.strip():
            headers.append(upper)
        elif meaning(lower).field or not meaning(both):
            headers.append(lower)
        else:
            headers.append(both)
    return headers


def _joined(headers, tags):
    """For each column the tag's meaning where it is plain, else the header's; dates go by their header."""
    meanings, disputed = [], []
    for header, tag in zip(headers, tags, strict=True):
        by_header = meaning(header) if header.strip() else NOTHING
        by_tag = hxl_meaning(tag) if tag.strip().startswith("#") else NOTHING
        tag_wins = by_tag.field and not (by_header.field and _is_date(by_tag.field))
        taken = by_tag if tag_wins else by_header or by_tag
        if tag_wins and by_header.field and by_header.field != by_tag.field:
            disputed.append((header.strip(), tag.strip(), taken.field))
        meanings.append(taken)
    return meanings, disputed


def _is_date(name):
    return name in ("as_of", "surveyed_on", "updated_on", "displacement_start")


def _with_neighbours(meanings):
    """A bare « P-code » belongs to the area named beside it."""
    meanings = list(meanings)
    for position, its in enumerate(meanings):
        if not its.bare_code:
            continue
        taken = {m.field for m in meanings}
        beside = [meanings[n].field for n in (position - 1, position + 1) if 0 <= n < len(meanings)]
        names = [name for name in beside if name.startswith("admin") and not name.endswith("_code")]
        free = [f"{name}_code" for name in names if f"{name}_code" not in taken]
        meanings[position] = replace(NOTHING, field=free[0]) if free else NOTHING
    return meanings


def _with_units(meanings, headers, sheet, filename):
    """Counts without group or unit, settled by the other columns, else refused: a household is not a person."""
    meanings = list(meanings)
    plain_fields = {m.field for m in meanings if m.field}
    has_households = any(name.endswith("_households") for name in plain_fields)
    groups = {m.group for m in meanings if m.group}
    for position, its in enumerate(meanings):
        if its.field or not its.is_count:
            continue
        if its.both_units:
            raise _ambiguous(its.group, headers[position], sheet, filename, groups)
        if its.unit:
            lacking = [group for group in groups if f"{group}_{its.unit}" not in plain_fields]
            group = lacking[0] if len(lacking) == 1 else None
            unit = its.unit
        else:
            group, unit = its.group, "people"
            if f"{group}_people" in plain_fields:  # a plainer column says it already
                meanings[position] = NOTHING
                continue
            if not has_households and not _has_bare_households(meanings, groups):
                group = None
        if group is None:
            raise _ambiguous(its.group, headers[position], sheet, filename, groups, its.unit)
        meanings[position] = replace(its, field=f"{group}_{unit}", group=group, unit=unit)
        plain_fields.add(meanings[position].field)
    return meanings


def _has_bare_households(meanings, groups):
    return len(groups) == 1 and any(m.unit == "households" and not m.group for m in meanings)


def _ambiguous(group, header, sheet, filename, groups, unit=""):
    possible = [group] if group else sorted(groups) or ["idp", "returnee"]
    candidates = [label(f"{each}_{one}") for each in possible for one in ([unit] if unit else UNITS)]
    return TaamaError(
        "series.header_ambiguous", Where(file=filename, sheet=sheet, column=header),
        {"column": header, "candidates": candidates, "sheet": sheet},
    )  # fmt: skip


def label(count):
    """A count as a header would say it, so that a person knows what to write.

    >>> label("idp_households")
    '« PDI ménages / IDP households »'
    """
    group, _, unit = count.rpartition("_")
    return f"« {LABELS[group][0]} {LABELS[unit][0]} / {LABELS[group][1]} {LABELS[unit][1]} »"


def _fields(meanings, headers, sheet, filename, rows):
    """Field → position. Two columns of one count are refused; of two names of one area the first is taken."""
    fields, weak = {}, set()
    for position, its in enumerate(meanings):
        if not its.field:
            continue
        held = fields.get(its.field)
        if held is None or (its.field in weak and not its.weak):
            fields[its.field] = position
            weak.discard(its.field)
            if its.weak:
                weak.add(its.field)
        elif its.is_count and not its.weak:
            raise TaamaError(
                "series.header_twice",
                Where(file=filename, sheet=sheet, row=rows[-1] if rows else None, column=headers[position]),
                {"columns": [headers[held], headers[position]], "meaning": label(its.field), "sheet": sheet},
            )
    if "as_of" not in fields and "surveyed_on" in fields:
        fields["as_of"] = fields.pop("surveyed_on")
    return fields


def _others(fields, headers):
    """Names under which the other columns are kept: their own header, made unique by the column's letter."""
    others, used = {}, set(fields) | OWN_COLUMNS
    for position, header in enumerate(headers):
        if position in fields.values():
            continue
        name = header or f"[{column_letter(position)}]"
        if name in used:
            name = f"{name} [{column_letter(position)}]"
        used.add(name)
        others[position] = name
    return others


def column_letter(position):
    """The letter a spreadsheet gives to a column, counted from 0.

    >>> column_letter(0), column_letter(25), column_letter(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_repeated_header(cells, columns):
    """Whether a line is the header printed again, as on each page of a long table."""
    filled = [(n, text.strip()) for n, text in enumerate(cells) if text.strip()]
    return len(filled) > 1 and all(columns.headers.get(n) == text for n, text in filled)
