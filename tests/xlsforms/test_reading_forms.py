"""Whatever is brought as a form is read or refused with a reason; nothing breaks the reader."""

import io
import time
import tracemalloc
import zipfile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from taama.base.errors import MethodError
from taama.base.messages import LANGUAGES, message
from taama.forms.methods.converting import compile_form, convert
from taama.forms.methods.judging import find_in_xform
from taama.xlsforms.methods.reading import read_book

ROWS = (("type", "name", "label"), ("text", "a", "A"), ("integer", "b", "B"))
MARKDOWN = "| survey | | | |\n| | type | name | label |\n| | text | a | A |\n| | integer | b | B |\n"
CSV = "survey\n,type,name,label\n,text,a,A\n,integer,b,B\n"
XFORM = compile_form(
    (MARKDOWN + "| settings | | |\n| | form_id | version |\n| | f | 1 |").encode(), "f.md"
).xform


def workbook(rows=ROWS, title="survey", prepare=lambda sheet: None):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    prepare(book.active)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


WORKBOOK = workbook()  # once: its bytes hold the time


def refused(source, name):
    with pytest.raises(MethodError) as caught:
        read_book(source, name)
    for language in LANGUAGES:
        said = message(caught.value.code, language, caught.value.values)
        assert said.cause and said.remedy
    assert caught.value.where.file == name
    return caught.value.code


def cells(book):
    return [row.cells for row in book.sheet("survey").rows]


def test_every_kind_of_file_gives_the_same_questions():
    xlsx = read_book(workbook(), "f.xlsx")
    assert (
        cells(xlsx) == cells(read_book(MARKDOWN.encode(), "f.md")) == cells(read_book(CSV.encode(), "f.csv"))
    )
    assert cells(read_book(CSV.replace(",", ";").encode(), "f.csv")) == cells(xlsx)
    assert cells(read_book(("\ufeff" + CSV).encode("utf-16"), "f.csv")) == cells(xlsx)
    assert [row.number for row in xlsx.sheet("survey").rows] == [2, 3]


def test_places_are_those_of_the_authors_file():
    rows = [("Questionnaire 2026",), (), ("type", None, "name", "label"), (), ("text", None, "a", "A")]
    sheet = read_book(workbook(rows), "f.xlsx").sheet("survey")
    assert (sheet.header_row, sheet.rows[0].number, sheet.columns[2].letter) == (3, 5, "C")
    (trouble,) = read_book(workbook(rows), "f.xlsx").troubles
    assert (trouble.code, trouble.values["row"]) == ("xlsforms.header_below", 3)


def test_numbers_dates_and_hard_spaces_are_read_as_people_see_them():
    import datetime

    rows = [("type", "name", "label", "default"), ("integer", "a", "A\u00a0b", 5.0), ("date", "d", "D", datetime.datetime(2026, 5, 1))]  # fmt: skip
    rows += [("time", "t", "T", datetime.time(9, 30)), ("acknowledge", "k", "K", True)]
    assert [row[3] for row in cells(read_book(workbook(rows), "f.xlsx"))] == [
        "5",
        "2026-05-01",
        "09:30:00",
        "TRUE",
    ]
    assert cells(read_book(workbook(rows), "f.xlsx"))[0][2] == "A b"


def test_text_of_old_programs_is_read_and_noted():
    book = read_book(CSV.replace(",A", ",Âge").encode("cp1252"), "f.csv")
    assert cells(book)[0][2] == "Âge"
    assert [trouble.code for trouble in book.troubles] == ["xlsforms.old_encoding"]


def test_merged_cells_are_known():
    def merge(sheet):
        sheet.merge_cells("C2:C3")

    assert read_book(workbook(prepare=merge), "f.xlsx").sheet("survey").merged == ((2, 3, 2, 2),)


def test_the_name_of_a_file_does_not_decide_what_it_is():
    assert cells(read_book(workbook(), "f.xls")) == cells(read_book(workbook(), "f.xlsx"))
    assert cells(read_book(CSV.encode(), "f.xls")) == cells(read_book(CSV.encode(), "f.csv"))


@pytest.mark.parametrize(
    ("source", "name", "code"),
    [
        (b"", "f.xlsx", "xlsforms.file_empty"),
        (b"   \n", "f.md", "xlsforms.file_empty"),
        (b"x", "f.docx", "xlsforms.form_kind_unknown"),
        (b"x", "form", "xlsforms.form_kind_unknown"),
        (b"<html><table><tr><td>type</td></tr></table></html>", "f.xls", "xlsforms.page_as_workbook"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "f.xls", "xlsforms.page_as_workbook"),
        (b"PK\x03\x04 broken", "f.xlsx", "xlsforms.workbook_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "f.xls", "xlsforms.workbook_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "f.xlsx", "xlsforms.workbook_locked"),
        (b"nothing of the kind", "f.xls", "xlsforms.workbook_unreadable"),
        ("é".encode("latin-1"), "f.md", "xlsforms.not_utf8"),
        (b"just words", "f.md", "xlsforms.no_survey"),
        (b"a,b\n1,2\n", "f.csv", None),
        (workbook(rows=()), "f.xlsx", "xlsforms.no_survey"),
        (workbook(rows=ROWS[:1]), "f.xlsx", "xlsforms.no_survey"),
        (b"x" * 26_000_000, "f.csv", "xlsforms.file_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_no_form_is_refused_with_cause_and_remedy(source, name, code):
    if code is None:  # one table without the name of a sheet: taken for the questions, and judged as such
        assert read_book(source, name).sheet("survey").headers == ["a", "b"]
    else:
        assert refused(source, name) == code


def test_a_workbook_with_other_sheets_only_has_no_survey():
    book = openpyxl.Workbook()
    book.active.append(("x", "y"))
    book.create_sheet("data").append((1, 2))
    buffer = io.BytesIO()
    book.save(buffer)
    assert refused(buffer.getvalue(), "f.xlsx") == "xlsforms.no_survey"


def test_a_workbook_that_unpacks_to_very_much_is_refused_before_it_is_unpacked():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 160_000_000)
    assert len(buffer.getvalue()) < 1_000_000
    assert refused(buffer.getvalue(), "f.xlsx") == "xlsforms.workbook_too_large"


def replaced(source, part, change):
    """A workbook with one of its parts changed."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(source)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return buffer.getvalue()


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_entities_inside_a_workbook_are_refused(part):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    source = replaced(workbook(), part, lambda content: bomb + content.replace(b"survey", b"&b;"))
    assert refused(source, "f.xlsx") == "xlsforms.workbook_doctype"


def test_an_external_entity_in_an_xform_reads_no_file():
    hostile = b'<!DOCTYPE h [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + XFORM.replace(b">A<", b">&f;<")
    (fault,) = find_in_xform(hostile)
    assert fault.code == "forms.xml_doctype"


def test_a_million_blank_rows_are_passed_over_quickly():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    sheet = book.add_worksheet("survey")
    for number, row in enumerate(ROWS):
        sheet.write_row(number, 0, row)
    for number in range(3, 200_000):
        sheet.set_row(number, 15.5)
    sheet.write_blank(1_048_575, 0, None, book.add_format({"bold": True}))
    book.close()
    begun = time.process_time()
    assert len(cells(read_book(buffer.getvalue(), "f.xlsx"))) == 2
    assert time.process_time() - begun < 20


def test_a_sheet_with_more_questions_than_any_form_is_refused():
    text = "survey\n,type,name,label\n" + "".join(f",text,q{n},Q\n" for n in range(10_001))
    assert refused(text.encode(), "f.csv") == "xlsforms.sheet_too_long"


def test_scribbles_far_to_the_right_are_not_columns():
    rows = [*ROWS[:2], (*ROWS[2], *[None] * 400, "scribble")]
    assert len(read_book(workbook(rows), "f.xlsx").sheet("survey").columns) == 3


def with_shared_texts():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("survey")
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
    return buffer


def swollen(part, begin, piece, count, end):
    """The workbook with a part that is tiny packed and huge unpacked; written in pieces."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(with_shared_texts()) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in set(old.namelist()) - {part}:
            new.writestr(name, old.read(name))
        with new.open(part, "w") as stream:
            stream.write(begin)
            for _ in range(count // 100_000):
                stream.write(piece * 100_000)
            stream.write(end)
    return buffer.getvalue()


BOMBS = {
    "xl/styles.xml": (b"<styleSheet><fills>", b"<fill/>", 20_000_000, b"</fills></styleSheet>"),
    "xl/workbook.xml": (b"<workbook><sheets>", b"<sheet/>", 2_000_000, b"</sheets></workbook>"),
    "xl/_rels/workbook.xml.rels": (b"<Relationships>", b"<Relationship/>", 1_000_000, b"</Relationships>"),
    "xl/sharedStrings.xml": (b"<sst>", b"<si/>", 15_000_000, b"</sst>"),
    "xl/worksheets/sheet1.xml": (
        b"<worksheet><sheetData>",
        b"<row/>",
        12_000_000,
        b"</sheetData></worksheet>",
    ),
}


@pytest.mark.parametrize("part", BOMBS)
def test_a_part_that_swells_is_refused_by_its_size_alone(part):
    source = swollen(part, *BOMBS[part])
    assert len(source) < 1_000_000
    tracemalloc.start()
    assert refused(source, "f.xlsx") == "xlsforms.workbook_part_too_large"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def test_many_sheets_on_one_part_are_refused():
    more = b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(2, 302))
    more = more.replace(
        b"r:id", b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id'
    )
    for count in (1, 300):
        some = b"<sheet".join(more.split(b"<sheet")[: count + 1])
        source = replaced(
            WORKBOOK, "xl/workbook.xml", lambda old, some=some: old.replace(b"</sheets>", some + b"</sheets>")
        )
        assert refused(source, "f.xlsx") == "xlsforms.workbook_sheets"


def test_sheets_that_are_no_part_of_a_form_are_not_read():
    book = openpyxl.Workbook()
    book.active.title = "survey"
    for row in ROWS:
        book.active.append(row)
    book.create_sheet("data")
    buffer = io.BytesIO()
    book.save(buffer)
    source = replaced(buffer.getvalue(), "xl/worksheets/sheet2.xml", lambda _: b"<broken")
    assert len(cells(read_book(source, "f.xlsx"))) == 2


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["f.xlsx", "f.xls", "f.csv", "f.md", "f.xml"]))
def test_no_bytes_break_the_reader(content, name):
    for source in (
        content,
        b"PK\x03\x04" + content,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + content,
        b"<?xml" + content,
    ):
        try:
            convert(read_book(source, name))
        except MethodError as error:
            assert message(error.code, "fr", error.values).remedy


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_no_damage_to_a_workbook_breaks_the_reader(data):
    source = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 8))):
        source[data.draw(st.integers(0, len(source) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_book(bytes(source), "f.xlsx")
    except MethodError as error:
        assert error.code.startswith("xlsforms.")


class TestXForms:
    """XForms made elsewhere are passed on as they are."""

    @pytest.mark.parametrize(
        "hostile",
        [
            b"<h:script>alert(1)</h:script>",
            b'<h:iframe src="https://example.org"/>',
            b'<label><x:img xmlns:x="http://www.w3.org/1999/xhtml" onerror="alert(1)"/></label>',
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            b'<x:script xmlns:x="urn:other"/>',
        ],
    )
    def test_what_a_browser_would_run_is_refused(self, hostile):
        faults = find_in_xform(XFORM.replace(b"</h:body>", hostile + b"</h:body>"))
        assert ("forms.active_content", "error") in [(fault.code, fault.level) for fault in faults]

    def test_a_question_may_be_called_script(self):
        assert find_in_xform(XFORM.replace(b"<a/>", b"<script/>").replace(b'/a"', b'/script"')) == []

    def test_a_good_one_has_no_faults_and_keeps_its_bytes(self):
        assert find_in_xform(XFORM) == []
        assert compile_form(XFORM, "f.xml").xform == XFORM

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ((b' version="1"', b""), "xlsforms.version_missing"),
            ((b' id="f"', b""), "forms.form_without_id"),
            ((b"<h:body>", b"<h:body"), "forms.xml_unreadable"),
            ((b"<h:title>f</h:title>", b"<h:title/>"), "forms.title_missing"),
            ((b'type="int"', b'type="int" relevant="/data/a =&gt; 1"'), "xlsforms.expression_unreadable"),
            ((b'nodeset="/data/b"', b'nodeset="/data/c"'), "forms.bind_without_node"),
        ],
    )
    def test_faults_are_named(self, change, code):
        assert change[0] in XFORM
        assert code in [fault.code for fault in find_in_xform(XFORM.replace(*change))]

    def test_one_that_phones_can_not_work_out_is_not_published(self):
        with pytest.raises(MethodError, match="expression"):
            compile_form(XFORM.replace(b'type="int"', b'type="int" relevant="(1"'), "f.xml")
