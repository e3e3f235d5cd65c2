"""A file that no tool reads says why: damaged, empty, no workbook, other columns; and a table is simulated or real."""

import io

import pytest
from openpyxl import Workbook

from taama.base.errors import TaamaError
from taama.base.messages import message
from taama.facts.files import check_invented, choose_tool


def workbook(*lines):
    book, out = Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(out)
    return out.getvalue()


WHOLE = workbook(["Quartier", "Puits"], ["Sévaré", 3])


@pytest.mark.parametrize(
    ("raw", "name", "code", "said"),
    [
        (WHOLE[: len(WHOLE) // 2], "a.xlsx", "facts.file_damaged", "endommagé"),
        (b"\x01\x00\x02 no workbook", "a.xlsx", "facts.file_not_workbook", "endommagé, ou son extension"),
        (b"", "a.xlsx", "facts.file_empty", "ne contient rien"),
        (b"\xd0\xcf\x11\xe0", "a.xlsx", "facts.file_old_excel", "mot de passe"),
        (WHOLE, "a.xlsx", "facts.columns_unknown", "Quartier, Puits"),
        ("Quartier;Puits\nSévaré;3\n".encode(), "a.csv", "facts.columns_unknown", "Quartier, Puits"),
        (b"\x00\x01", "a.csv", "facts.file_kind_unknown", "ni un classeur"),
        (b"\x00\x01", "a.bin", "facts.file_not_recognised", "published_baseline"),
    ],
)
def test_why_nothing_reads_a_file(raw, name, code, said):
    with pytest.raises(TaamaError) as refused:
        choose_tool(raw, name)
    told = message(refused.value.code, "fr", refused.value.values)
    assert (refused.value.code, refused.value.where.file) == (code, name)
    assert said in str(told) and told.remedy
    assert "flow_registry" not in told.remedy, "a tool of phones reads no file"


@pytest.mark.parametrize("title", ["Simulé", "données simulées", "simulated", "Fictif"])
@pytest.mark.parametrize(
    "make", [workbook, lambda *rows: "\n".join(";".join(map(str, r)) for r in rows).encode()]
)
def test_a_table_that_mixes_simulated_and_real_rows_is_refused(title, make):
    name = "a.xlsx" if make is workbook else "a.csv"
    head = ["Cercle", "PDI", title]
    mixed = make(head, ["Koro", 10, "oui"], ["Bankass", 12, "non"], ["Mopti", 7, ""])
    with pytest.raises(TaamaError) as refused:
        check_invented(mixed, name, simulated=True)
    assert refused.value.code == "facts.rows_mixed"
    assert (refused.value.values["invented"], refused.value.values["real"]) == (1, 2)
    invented = make(head, ["Koro", 10, "oui"], ["Bankass", 12, "OUI"])
    check_invented(invented, name, simulated=True)
    with pytest.raises(TaamaError, match="rows_invented"):
        check_invented(invented, name, simulated=False)
    with pytest.raises(TaamaError, match="rows_real"):
        check_invented(make(head, ["Koro", 10, "non"]), name, simulated=True)


def test_a_table_without_such_a_column_is_what_the_person_says():
    for simulated in (True, False):
        check_invented(WHOLE, "a.xlsx", simulated)
