"""Files in the formats that people ask for, made from parts on the disk, table by table: none is whole in memory, but
for SPSS and Stata, whose library wants a whole table."""

import os
import shutil
import zipfile

import polars as pl
from django.utils import timezone

from taama.desk.methods.export_fields import CHOICE_COLUMNS, FLAG, QUESTION_COLUMNS, codebook
from taama.desk.methods.export_names import file_names, last_steps, plain
from taama.desk.methods.export_shape import cut_long, for_csv, harmless_name, in_zone

BOM = b"\xef\xbb\xbf"
COPY_BYTES = 1 << 20
COMPRESS_LEVEL = (
    1  # the link is slow, but so is the wait: a higher one takes three times as long for a tenth less
)
LABEL_BYTES = {"sav": 250, "dta": 80}
VALUE_BYTES = {"sav": 120, "dta": 250}
LONGEST_BYTES = {"sav": 32_000, "dta": 2_045}


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


def parts_of(folder, selection, table):
    """Paths of the parts of a table, in the order of its rows."""
    return [part_path(folder, selection, p.table, p.number) for p in selection.parts if p.table == table]


def frames_of(folder, selection, table):
    """The rows of a table, part by part; without any, one frame with its headings."""
    paths = parts_of(folder, selection, table)
    yield from (pl.read_parquet(path) for path in paths) if paths else [selection.empty(table)]


def _write_part(path, frame, ending):
    draft = path.with_suffix(".draft")
    if ending == "csv":
        for_csv(frame, timezone.get_default_timezone_name()).write_csv(draft, include_header=False)
    else:
        frame.write_parquet(draft, compression="lz4", statistics=False)
    os.replace(draft, path)


def _write_csv(draft, folder, selection):
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESS_LEVEL) as archive:
        for number, name in enumerate(file_names(table_names(selection))):
            with archive.open(f"{name}.csv", "w", force_zip64=True) as target:
                target.write(BOM + _headings(selection, number))
                for path in parts_of(folder, selection, number):
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
            if paths := parts_of(folder, selection, number):
                pl.scan_parquet(paths).sink_parquet(path, compression="zstd", compression_level=1)
            else:
                selection.empty(number).write_parquet(path)
            archive.write(path, f"{name}.parquet")
            path.unlink()
            yield
        _write_codebook(archive, selection)


def _write_statistics(draft, folder, selection):
    ending = selection.options.format
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESS_LEVEL) as archive:
        long = []
        for number, name in enumerate(file_names(table_names(selection))):
            path = folder / "parts" / f"{number}.{ending}"
            frame = pl.concat(frames_of(folder, selection, number))
            frame, cut = cut_long(in_zone(frame, timezone.get_default_timezone_name()), LONGEST_BYTES[ending])
            long.append(cut.with_columns(pl.lit(name).alias("table")))
            _write_statistics_file(path, frame, selection, number)
            archive.write(path, f"{name}.{ending}")
            path.unlink()
            yield
        if (told := pl.concat(long)).height:
            _write_table(archive, f"{selection.words['#long']}.csv", told)
        _write_codebook(archive, selection)


def _write_statistics_file(path, frame, selection, number):
    """Labels are cut where the format wants them short; the codebook has them whole."""
    ending, fields = selection.options.format, selection.tables[number][1]
    labels = {each.name: _cut(each.label, LABEL_BYTES[ending]) for each in fields}
    yes_no = {0: selection.words["#no"], 1: selection.words["#yes"]}
    values = {each.name: yes_no for each in fields if each.kind == FLAG} | {
        each.name: {n: _cut(each.values[code], VALUE_BYTES[ending]) for code, n in each.numbers.items()}
        for each in fields
        if each.numbers
    }
    frame = frame.with_columns(pl.col(pl.Boolean).cast(pl.Int8))
    import pyreadstat  # noqa: PLC0415  only these formats need it

    write = pyreadstat.write_sav if ending == "sav" else pyreadstat.write_dta
    more = {"row_compress": True} if ending == "sav" else {}
    title = _cut(selection.title, 60)
    write(frame, path, file_label=title, column_labels=labels, variable_value_labels=values, **more)


def _cut(text, most_bytes):
    return text.encode()[:most_bytes].decode(errors="ignore")


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
    questions, choices = codebook(list(zip(table_names(selection), fields, strict=True)))
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

    tables = [lambda n=number: frames_of(folder, selection, n) for number in range(len(selection.tables))]
    yield from write_sheets(draft, selection, table_names(selection), tables, list(codebook_of(selection)))


def _layers(draft, folder, selection):
    from taama.desk.tasks.layers import write_layers  # noqa: PLC0415  loads pandas, which only this format needs

    tables = [lambda n=number: frames_of(folder, selection, n) for number in range(len(selection.tables))]
    yield from write_layers(draft, selection, table_names(selection), tables, list(codebook_of(selection)))


WHOLE = ("xlsx", "gpkg")
WRITERS = {
    "csv": _write_csv, "parquet": _write_parquet, "sav": _write_statistics, "dta": _write_statistics, "xlsx": _sheets,
    "gpkg": _layers,
}  # fmt: skip
