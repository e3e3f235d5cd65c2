"""A file as one frame: each line with its cells as text, what was read of them, and what is doubtful."""

from collections import Counter, defaultdict
from itertools import combinations

from taama.base.errors import TaamaError, Where
from taama.facts.cells import NEGATIVE, NOT_WHOLE, UNREADABLE, plain
from taama.facts.grid import read_grid
from taama.facts.tools import ERROR, WARNING
from taama.places.methods.atlas import BY_DATE, Atlas
from taama.places.methods.placing import Named, Placing
from taama.series.tools.published_baseline.days import Read, days_of_sheets, finding
from taama.series.tools.published_baseline.headers import find_columns
from taama.series.tools.published_baseline.lines import (
    AREA_NAMES,
    DATA,
    SUBTOTAL,
    TOTAL,
    read_lines,
    summed_by,
    sums,
    unread_lines,
)
from taama.series.tools.published_baseline.meaning import COUNTS

ONCE_PER_VALUE = {
    "series.code_trimmed",
    "series.code_letters",
    "series.name_repaired",
    "series.date_serial",
}
ONCE_PER_COLUMN = {"series.code_prefix", "series.code_narrowed"}
TROUBLES = {
    UNREADABLE: "mobility.not_a_number",
    NEGATIVE: "mobility.negative",
    NOT_WHOLE: "series.number_not_whole",
}
ALL_LEVELS = range(6)


def read_file(raw, filename, areas):
    """Every line of a published table, as text and as read.

    raw, filename   the file
    areas           Polars frame[key, code, name, level, parent, geography, names_other?] of the gazetteer
    Returns         list of Read, in the order of the file
    Raises          TaamaError: unreadable file, no header in any sheet, an ambiguous header, no date, no gazetteer
    """
    atlas = Atlas(areas)
    if not atlas.areas:
        raise TaamaError("series.no_gazetteer", where=Where(file=filename))
    reads, notes, depths, headers = _lines_of(read_grid(raw, filename), filename)
    days_of_sheets(reads, filename)
    notes += _set_aside(reads, depths)
    data = [read for read in reads if read.line.kind == DATA]
    if not data:
        raise TaamaError("series.no_lines", where=Where(file=filename), values={"file": filename})
    _refuse_repeated_sheets(data, filename)
    _read_places(data, atlas)
    _read_numbers(data)
    _compare_totals(reads, data)
    for read in reads:
        if read.line.kind == TOTAL:
            read.values |= read.line.counts
    data[0].findings[:0] = notes
    _say_once(data)
    for read in data:
        read.values["source"] = filename
    for read in reads:
        for found in read.findings:
            found["values"] = {"column": headers.get((read.line.sheet, found["field"]), "")} | found["values"]
    return reads


def _lines_of(sheets, filename):
    """Lines of all sheets, and what concerns the whole file. Sheets that only sum another one are not counted."""
    reads, notes, depths, headers = [], [], {}, {}
    for sheet in sheets:
        columns = find_columns(sheet, filename)
        lines = read_lines(sheet, columns) if columns else unread_lines(sheet)
        reads += [Read(line) for line in lines]
        if columns:
            headers |= {(sheet.name, name): columns.headers[n] for name, n in columns.fields.items()}
            depths[sheet.name] = max((line.depth for line in lines if line.kind == DATA), default=0)
            for header, tag, taken in columns.disputed:
                notes.append(
                    finding(header, "series.header_contradicts_tag", header=header, tag=tag, taken=taken)
                )
            if sheet.filled:
                notes.append(finding("", "series.merged_cells", sheet=sheet.name, cells=sheet.filled))
        elif lines:
            notes.append(finding("", "series.sheet_not_read", sheet=sheet.name, lines=len(lines)))
    if not depths:
        names = [sheet.name for sheet in sheets if sheet.name]
        raise TaamaError(
            "series.header_not_found",
            Where(file=filename, sheet=", ".join(names)),
            {"file": filename, "sheets": names or ["1"]},
        )
    return reads, notes, depths, headers


def _set_aside(reads, depths):
    """Sheets of larger areas beside one of smaller areas are summaries: compared, not counted again."""
    notes, finest = [], max(depths.values())
    detailed = [r for r in reads if r.line.kind == DATA and depths.get(r.line.sheet) == finest]
    days, whole = {r.values.get("as_of") for r in detailed}, sums([r.line for r in detailed])
    for sheet, depth in depths.items():
        theirs = [r for r in reads if r.line.sheet == sheet and r.line.kind == DATA]
        if depth == finest or not {r.values.get("as_of") for r in theirs} <= days:
            continue
        lines = [r.line for r in theirs]
        added = sums(lines)
        differ = [
            name
            for name in COUNTS
            if any(name in line.counts for line in lines) and added[name] != whole[name]
        ]
        for line in lines:
            line.kind = SUBTOTAL
        code = "series.summary_sheet_differs" if differ else "series.summary_sheet"
        notes.append(finding("", code, sheet=sheet, columns=differ))
    return notes


def _refuse_repeated_sheets(data, filename):
    """Two sheets with the same places on the same day would count everybody twice."""
    places = defaultdict(set)
    for read in data:
        said = tuple(read.line.text(name).strip() for name in AREA_NAMES)
        places[read.line.sheet].add((read.values.get("as_of"), *said))
    for one, other in combinations(places, 2):
        both = len(places[one] & places[other])
        if both * 2 > min(len(places[one]), len(places[other])):
            values = {"sheets": [one, other], "places": both}
            raise TaamaError("series.sheets_repeat", Where(file=filename, sheet=other), values)


def _read_places(data, atlas):
    def named(line):
        return Named(
            tuple(line.text(f"admin{n}") for n in ALL_LEVELS),
            tuple(line.text(f"admin{n}_code") for n in ALL_LEVELS),
        )

    day = max((read.values["as_of"] for read in data if read.values.get("as_of")), default=None)
    placing = Placing([named(read.line) for read in data], day, atlas)
    names_places = any(read.line.depth for read in data)
    placed = []
    for read in data:
        if names_places and not read.line.depth:
            read.findings.append(finding("admin1", "series.line_without_place", ERROR))
        where = placing.place(named(read.line))
        placed.append(where)
        doubts = [*where.doubts, *placing.origin(read.line.text("origin1"), read.line.text("origin1_code"))]
        read.findings += [_found(doubt) for doubt in doubts]
        read.values |= {"place_kind": _kind(where), "area": where.area, "geography": where.geography}
    for read, key in zip(data, _keys(placed), strict=True):
        read.values["place"] = key
    data[0].findings.append(_version_found(placing))


def _found(doubt):
    return finding(doubt.column, f"series.{doubt.what}", ERROR if doubt.grave else WARNING, **doubt.values)


def _kind(where):
    """Communes are areas, what lies below them localities; only the line of the whole country is the country."""
    if where.deepest is None:
        return "area" if where.level else "country"
    return "area" if where.deepest <= 3 else "locality"


def _keys(placed):
    """A key for each place: its code where only one place of the file bears it, else its area and name."""
    bearers = defaultdict(set)
    for where in placed:
        bearers[where.code, where.code_geography].add((where.area, where.below))
    keys = []
    for where in placed:
        if where.deepest is None:
            keys.append(where.area)
        elif where.code and len(bearers[where.code, where.code_geography]) == 1:
            keys.append(f"{where.code}@{where.code_geography}")
        else:
            slug = "-".join(plain(name).replace(" ", "-") for name in where.below)
            keys.append(f"{where.area.partition('@')[0]}:{slug}@{where.geography}")
    return keys


def _version_found(placing):
    version, communes = placing.version, placing.commune_version
    code = "series.version_by_date" if version.reason == BY_DATE else f"series.version_by_{version.reason}"
    return finding(
        "", code, geography=version.geography, agree=version.agree, contradict=version.contradict,
        unknown=version.unknown, communes=communes.geography,
    )  # fmt: skip


def _read_numbers(data):
    for read in data:
        read.values |= read.line.counts
        for name, trouble in read.line.troubles.items():
            read.findings.append(finding(name, TROUBLES[trouble], ERROR, answer=read.line.text(name)))
        if read.line.overlaps:
            read.findings.append(finding("", "series.line_overlaps"))


def _compare_totals(reads, data):
    """Totals of the file against its lines, count by count."""
    lines = [read.line for read in data]
    for read in reads:
        total = read.line
        if total.kind not in (TOTAL, SUBTOTAL) or not total.counts:
            continue
        parts = summed_by(total, lines)
        if not parts:
            continue
        added = sums(parts)
        for name, number in total.counts.items():
            if added[name] != number:
                values = {
                    "label": total.of,
                    "total": number,
                    "sum": added[name],
                    "difference": number - added[name],
                }
                read.findings.append(finding(name, "series.total_differs", **values))


def _say_once(data):
    """One finding, with its number of lines, for a repair that is the same on many lines."""
    counted, first = Counter(), {}
    for read in data:
        kept = []
        for found in read.findings:
            key = _same_repair(found)
            if key is not None:
                counted[key] += 1
                if key in first:
                    continue
                first[key] = found
            kept.append(found)
        read.findings = kept
    for key, found in first.items():
        found["values"] = found["values"] | {"lines": counted[key]}


def _same_repair(found):
    if found["code"] in ONCE_PER_COLUMN:
        return found["field"], found["code"]
    if found["code"] in ONCE_PER_VALUE:
        return found["field"], found["code"], found["values"]["old"]
    return None
