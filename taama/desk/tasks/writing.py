"""Files in the formats that people ask for, made from parts on the disk, table by table: none is whole in memory, but
for SPSS and Stata, whose library wants a whole table."""

import os
import shutil
import zipfile

import polars as pl
from django.utils import timezone

from taama.desk.methods.export_fields import CHOICE_COLUMNS, FLAG, QUESTION_COLUMNS, TRUTH, WHOLE, codebook
from taama.desk.methods.export_names import file_names, last_steps, plain
from taama.desk.methods.export_shape import for_csv, harmless_name
from taama.desk.methods.flat import DATE, DATETIME, DECIMAL, INTEGER
from taama.desk.tasks.selecting import words_of
from taama.desk.tasks.statistics import (
    Labels,
    beside,
    own_process,
    own_thread,
    write_parquet,
    write_statistics,
)

BOM = b"\xef\xbb\xbf"
COPY_BYTES = 1 << 20
COMPRESS_LEVEL = (
    1  # the link is slow, but so is the wait: a higher one takes three times as long for a tenth less
)
FORMATS_OF = {
    INTEGER: "F12.0", DECIMAL: "F14.3", "latitude": "F11.6", "longitude": "F11.6", "altitude": "F8.1", "accuracy": "F8.1",
}  # fmt: skip
MEASURED = (INTEGER, DECIMAL, DATE, DATETIME)  # what one may take the mean of
SLICE = 2_000  # rows after which other work may go on
LAYER_SLICE = 10_000  # to go on with a layer takes long each time


def write_file(folder, selection):
    """Make the parts that are not there yet, then the file of them.

    folder     holds `parts/`; the file is made in it
    selection  Selection
    Yields     (steps done, steps known)
    Returns    path of the file
    """
    total, ending = len(selection.parts) + len(selection.tables) + 1, selection.options.format
    for done, part in enumerate(selection.parts):
        path = part_path(folder, selection, part.table, part.number)
        if not path.exists():
            _write_part(path, selection.frame(part), ending)
        yield done, total
    made = folder / f"{plain(selection.form_id) or 'form'}.{ending if ending in WHOLE else 'zip'}"
    draft = folder / f"draft-{made.name}"
    for done, _ in enumerate(WRITERS[ending](draft, folder, selection), len(selection.parts)):
        yield min(done, total - 1), total
    os.replace(draft, made)
    return made


def part_path(folder, selection, table, number):
    ending = "csv" if selection.options.format == "csv" else "parquet"
    return folder / "parts" / f"{table}-{number:05}.{ending}"


def paths_of(folder, selection, table):
    """Paths of the parts of a table, in the order of its rows; without any, of its headings."""
    paths = [part_path(folder, selection, p.table, p.number) for p in selection.parts if p.table == table]
    if not paths:
        paths = [folder / "parts" / f"{table}-headings.parquet"]
        selection.empty(table).write_parquet(paths[0])
    return paths


def frames_of(folder, selection, table, rows):
    """The rows of a table, some at a time; without any, one frame with its headings."""
    for path in paths_of(folder, selection, table):
        frame = pl.read_parquet(path)
        yield from frame.iter_slices(rows) if frame.height else [frame]


def _write_part(path, frame, ending):
    draft = path.with_suffix(".draft")
    if ending == "csv":
        for_csv(frame, timezone.get_default_timezone_name()).write_csv(draft, include_header=False)
    else:
        frame.write_parquet(draft, compression="uncompressed", statistics=False)  # read once, then gone
    os.replace(draft, path)


def _write_csv(draft, folder, selection):
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESS_LEVEL) as archive:
        for number, name in enumerate(file_names(table_names(selection))):
            with archive.open(f"{name}.csv", "w", force_zip64=True) as target:
                target.write(BOM + _headings(selection, number))
                for path in paths_of(folder, selection, number) if selection.has_rows(number) else ():
                    with open(path, "rb") as source:
                        shutil.copyfileobj(source, target, COPY_BYTES)
                    yield
        _write_codebook(archive, selection)


def _headings(selection, number):
    names = [harmless_name(each.name) for each in selection.tables[number][1]]
    return pl.DataFrame(schema=dict.fromkeys(names, pl.String)).write_csv().encode()


def _write_parquet(draft, folder, selection):
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
        for number, name in enumerate(file_names(table_names(selection))):
            path = folder / "parts" / f"{number}.whole"
            paths = paths_of(folder, selection, number)
            yield from beside(selection.wanted.height, own_thread, write_parquet, paths, path)
            archive.write(path, f"{name}.parquet")
            path.unlink()
            yield
        _write_codebook(archive, selection)


def _write_statistics(draft, folder, selection):
    ending, zone = selection.options.format, timezone.get_default_timezone_name()
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESS_LEVEL) as archive:
        told = []
        for number, name in enumerate(file_names(table_names(selection))):
            path, long = (folder / "parts" / f"{number}.{kind}" for kind in (ending, "long"))
            long.unlink(missing_ok=True)
            paths, labels = paths_of(folder, selection, number), _labels(selection, number)
            yield from beside(
                selection.wanted.height, own_process, write_statistics, paths, path, long, labels, zone
            )  # fmt: skip
            archive.write(path, f"{name}.{ending}")
            path.unlink()
            if long.exists():
                told.append(pl.read_parquet(long).insert_column(0, pl.lit(name).alias("table")))
            yield
        if told:
            _write_table(archive, f"{selection.words['#long']}.csv", pl.concat(told))
        _write_codebook(archive, selection)


def _labels(selection, number):
    fields = selection.tables[number][1]
    yes_no = {0: selection.words["#no"], 1: selection.words["#yes"]}
    values = {each.name: yes_no for each in fields if each.kind in (FLAG, TRUTH)}
    for each in fields:
        if each.numbers:
            values[each.name] = {n: each.values[code] for code, n in each.numbers.items()}
    kinds = {each.name: FORMATS_OF.get(each.source.partition("#")[2] or each.kind, "") for each in fields}
    measured = {each.name: "scale" if each.kind in MEASURED else "nominal" for each in fields}
    return Labels(selection.title, {each.name: each.label for each in fields}, values, kinds, measured)


def _write_codebook(archive, selection):
    questions, choices = codebook_of(selection)
    _write_table(archive, f"{selection.words['#questions']}.csv", questions)
    _write_table(archive, f"{selection.words['#choices']}.csv", choices)


def _write_table(archive, name, frame):
    archive.writestr(
        name, BOM + for_csv(frame, "UTC").write_csv().encode(), compress_type=zipfile.ZIP_DEFLATED
    )


def codebook_of(selection):
    """Two frames of text: what every column means, what every code means."""
    fields = [fields for _, fields in selection.tables]
    words = [words_of(language) for language in ("fr", "en")]
    questions, choices = codebook(list(zip(table_names(selection), fields, strict=True)), words)
    for rows, columns in ((questions, QUESTION_COLUMNS), (choices, CHOICE_COLUMNS)):
        yield pl.DataFrame(
            [tuple(map(str, row)) for row in rows], schema=dict.fromkeys(columns, pl.String), orient="row"
        )


def table_names(selection):
    """What each table is called in the file."""
    ends = last_steps([name for name in selection.names if name])
    return [selection.words["#form"], *ends]


def _sheets(draft, folder, selection):
    from taama.desk.tasks.sheets import write_sheets  # noqa: PLC0415  only this format needs it

    tables, codes = _frames_of_all(folder, selection, SLICE), list(codebook_of(selection))
    yield from write_sheets(draft, selection, table_names(selection), tables, codes)


def _layers(draft, folder, selection):
    from taama.desk.tasks.layers import write_layers  # noqa: PLC0415  loads pandas, which only this format needs

    tables, codes = _frames_of_all(folder, selection, LAYER_SLICE), list(codebook_of(selection))
    yield from write_layers(draft, selection, table_names(selection), tables, codes)


def _frames_of_all(folder, selection, rows):
    numbers = range(len(selection.tables))
    return [lambda n=number: frames_of(folder, selection, n, rows) for number in numbers]


WRITERS = {
    "csv": _write_csv, "parquet": _write_parquet, "sav": _write_statistics, "dta": _write_statistics, "xlsx": _sheets,
    "gpkg": _layers,
}  # fmt: skip
