"""The checker as people meet it: the command and the page."""

import io
import json

import pytest
from django.urls import reverse

from taama.project import cli

TRUE = "203 migrants (among which 41 women and 23 children) were hosted in 2020.\n"
FALSE = "Le nombre de PDI est passé de 412 287 à 375 539, soit une baisse de 12 %.\n"
KNOWN = (
    "series,unit,period,value,change_percent,keywords,source\n"
    "Points,people_per_day,2020-05,207,32,FMP,IOM dashboard 52\n"
)


def run(*arguments, language="en"):
    """Exit code of the command."""
    with pytest.raises(SystemExit) as left:
        cli.main(["check-statements", "--lang", language, *map(str, arguments)])
    return left.value.code or 0


@pytest.fixture
def written(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_a_sound_text_exits_with_0(written, capsys):
    assert run(written("report.txt", TRUE)) == 0
    assert "203 − 41 − 23 = 139" in capsys.readouterr().out


def test_an_inconsistent_text_exits_with_1_and_speaks_french(written, capsys):
    assert run(written("rapport.txt", TRUE + FALSE), language="fr") == 1
    out = capsys.readouterr().out
    assert out.startswith("incohérent · ligne 2") and "8,9" in out and "incohérent: 1" in out


def test_an_old_encoding_is_read(written, capsys):
    assert run(written("rapport.txt", FALSE.encode("cp1252"))) == 1
    assert "passé" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content"), [("plan.pdf", b"%PDF-1.7 \xff"), ("plan.docx", b"PK\x03\x04"), ("x.txt", b"a\0b")]
)
def test_what_is_no_text_exits_with_2_and_says_what_to_do(written, capsys, name, content):
    assert run(written(name, content)) == 2
    assert name in (err := capsys.readouterr().err) and "plain text" in err


def test_a_missing_file_exits_with_2(tmp_path, capsys):
    assert run(tmp_path / "nowhere.txt") == 2
    err = capsys.readouterr().err
    assert "nowhere.txt" in err and "does not exist" in err and "not text" not in err


def test_a_dash_reads_standard_input(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO((TRUE + FALSE).encode())))
    assert run("-") == 1
    assert "8.9" in capsys.readouterr().out


def test_a_text_too_long_exits_with_2_and_says_what_to_do(written, capsys):
    assert run(written("report.txt", "12 PDI. " * 3000)) == 2
    assert "in parts" in capsys.readouterr().err


def test_a_list_with_a_fault_exits_with_2_and_names_the_field(written, capsys):
    assert run(written("claims.toml", '[[claim]]\nkind = "sum"\ntotal = 3\n')) == 2
    assert "claims.toml · 1 · parts" in capsys.readouterr().err


def test_json_and_known_figures(written, capsys):
    text = written("report.txt", "347 individuals were observed daily at the FMPs in April 2020.\n")
    assert run(text, "--json", "--known", written("known.csv", KNOWN)) == 1
    (verdict,) = json.loads(capsys.readouterr().out)
    assert verdict["status"] == "inconsistent" and verdict["line"] == 1
    assert verdict["low"] < 157 < verdict["high"] and "155.8–157.8" in verdict["text"]


def page(client, language="en", **posted):
    client.cookies["taama_language"] = language
    return client.post(reverse("statements"), posted) if posted else client.get(reverse("statements"))


@pytest.mark.django_db
def test_the_page_asks_for_a_text(client):
    response = page(client, "fr")
    assert response.status_code == 200 and "Vérifi" in response.text and "verdict-" in response.text


@pytest.mark.django_db
def test_the_page_shows_verdicts_faults_first(client):
    html = page(client, text=TRUE + FALSE).text
    found = html.split('<ol class="statements">')[1].split("</ol>")[0]
    assert found.index("verdict-inconsistent") < found.index("verdict-consistent")
    assert "203 − 41 − 23 = 139" in found and "Line 2" in found


@pytest.mark.django_db
def test_the_page_escapes_what_is_pasted_and_keeps_nothing(client):
    html = page(client, text="<script>x</script> 203 migrants, of whom 241 women, came.").text
    assert "<script>x" not in html and "&lt;script&gt;" in html
    assert "241" not in page(client).text


@pytest.mark.django_db
def test_the_page_says_what_is_wrong_with_known_figures_or_a_text_too_long(client):
    response = page(client, text=TRUE, known="series,value\na,1")
    assert response.status_code == 422 and "line 1" in response.text and "change_percent" in response.text
    assert page(client, text="x" * 100_001).status_code == 422


@pytest.mark.django_db
def test_a_text_without_statements_is_not_called_right(client):
    assert "does not mean" in page(client, text="Nothing is counted here.").text
