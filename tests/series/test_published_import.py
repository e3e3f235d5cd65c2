"""From a file to the lake: what the loader makes of published tables, with the gazetteer of Mali."""

from pathlib import Path

import pytest

import taama
from taama.base.policy import OPERATOR, WORKER
from taama.collect.actions.receive import receive_file
from taama.collect.models import Finding, Submission
from taama.collect.tasks import deriving
from taama.facts import engines, registry
from taama.mobility.tables import STOCK
from taama.places.actions.country import load_country
from taama.project import rebuilding
from taama.series.queries import all_figures
from taama.series.tables import PUBLISHED_FLOW
from tests.series.published import COUNTS, HEADER, KAYES, MOPTI, as_csv, as_workbook

DATA = Path(taama.__file__).parent / "series" / "data" / "mali"


@pytest.fixture(autouse=True)
def mali(db, tmp_path, settings):
    settings.TAAMA_LAKE = str(tmp_path)
    load_country(by=OPERATOR, folder="mali")


def imported(raw, filename, tool):
    submission = receive_file(by=OPERATOR, raw=raw, filename=filename, tool=tool)
    while deriving.derive_pending():
        pass
    return Submission.objects.get(pk=submission.pk)


def stock():
    return engines.collect(engines.read(STOCK))


def test_one_bad_cell_holds_back_its_line_and_not_the_file():
    rows = [[*HEADER, *COUNTS], [*KAYES, 2, -12], [*MOPTI, 30, 151]]
    submission = imported(as_workbook(rows), "table.xlsx", "published_baseline")
    assert submission.state == Submission.State.DERIVED
    assert stock().select("area", "people").rows() == [("ML0506@2021-12-20", 151)]
    assert Finding.objects.get(submission=submission, level="error").row == 2
    assert all(check.equal for check in rebuilding.check())


def test_an_invented_table_is_a_series_of_its_own_and_marks_nothing_that_was_published():
    header = ["as_of", "place", "group", "people", "source"]
    for people, simulated in ((378363, False), (999999, True)):
        row = ["2024-09-30", "MLI@2021-12-20", "idp", people, "CMP, septembre 2024"]
        receive_file(
            by=OPERATOR, raw=as_csv([header, row]), filename=f"{people}.csv", tool="published_series", simulated=simulated
        )
    while deriving.derive_pending():
        pass
    real, invented = sorted((made.figure for made in all_figures(WORKER)), key=lambda f: f.value)
    assert (real.series, real.value, set(real.marks)) == ("dtm_mali", 378363, set())
    assert (invented.series, set(invented.marks)) == ("simulated", {"simulated"})
    assert not any(made.extra.get("contradicts") for made in all_figures(WORKER))


def test_a_file_that_is_refused_is_kept_with_the_reason():
    submission = imported(as_csv([KAYES, MOPTI]), "sans_entete.csv", "published_baseline")
    assert submission.state == Submission.State.FAILED
    assert Finding.objects.get(submission=submission).code == "series.header_not_found"
    assert bytes(submission.raw) == as_csv([KAYES, MOPTI])


def test_two_files_of_one_batch_stay_apart():
    for people in (151, 160):
        receive_file(
            by=OPERATOR, raw=as_csv([[*HEADER, *COUNTS], [*MOPTI, 30, people]]), filename="t.csv",
            tool="published_baseline",
        )  # fmt: skip
    while deriving.derive_pending():
        pass
    assert sorted(stock()["people"]) == [151, 160]
    assert stock()["submission"].n_unique() == 2


def test_the_published_figures_of_mali_are_chosen_read_and_derived_alike_again():
    for name in ("national_series.csv", "regional_snapshots.csv", "flow_series.csv"):
        raw = (DATA / name).read_bytes()
        surest, tool = registry.recognise(raw, name)[0]
        assert (surest, tool) == (1, "published_series")
        assert imported(raw, name, tool).state == Submission.State.DERIVED
    assert stock().height == 93 + 38
    assert engines.collect(engines.read(PUBLISHED_FLOW)).height == 7
    assert not Finding.objects.filter(level="error").exists()
    assert all(check.equal for check in rebuilding.check())


def test_a_figure_whose_line_is_doubted_says_so_and_no_other():
    rows = [[*HEADER, *COUNTS], [*KAYES, 2, 400], [*MOPTI, 30, 151], [*MOPTI, 10, 50]]
    submission = imported(as_workbook(rows), "table.xlsx", "published_baseline")
    assert {"series.place_on_lines"} < set(submission.findings.values_list("code", flat=True))
    doubted = {made.figure.value for made in all_figures(WORKER) if made.extra and made.extra.get("doubted")}
    assert {400, 201} <= doubted


def test_a_line_that_nobody_doubts_is_published_without_a_word():
    imported(as_workbook([[*HEADER, *COUNTS], [*KAYES, 2, 400], [*MOPTI, 30, 151]]), "t.xlsx", "published_baseline")
    told = {made.figure.value: (made.extra or {}).get("doubted") for made in all_figures(WORKER)}
    assert told[400] and not told[151]
