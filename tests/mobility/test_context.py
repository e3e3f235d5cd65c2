"""What phones carry of the round before: enough to compare, nothing that a lost phone may not tell."""

from datetime import date
from types import SimpleNamespace

import polars as pl

from taama.base.policy import OPERATOR
from taama.mobility.queries import context


def place(code):
    return SimpleNamespace(code=code, name=code, closed=False, area=SimpleNamespace(level=2, key="ML0701"))


def test_small_figures_stay_on_the_server(monkeypatch, settings):
    settings.TAAMA_MINIMUM_CELL = 10
    before = pl.DataFrame(
        {
            "place": ["few", "just", "many", "fewer", "fewer"],
            "group": ["idp"] * 5,
            "people": [9, 10, 1190, 50, 3],
            "date": [date(2026, 1, day) for day in (1, 1, 1, 1, 2)],
        }
    )
    monkeypatch.setattr(context, "previous_stock", lambda viewer: before)
    known = [place(code) for code in ("few", "just", "many", "fewer", "never")]
    monkeypatch.setattr(context.places, "localities", lambda viewer: known)
    monkeypatch.setattr(context.places, "sites", lambda viewer: [])
    told = {row[0]: row[3:5] for row in context._localities(OPERATOR)}
    assert told == {
        "few": ("", ""),
        "just": (10, "2026-01-01"),
        "many": (1190, "2026-01-01"),
        "fewer": ("", ""),  # an older figure would not be the last known one
        "never": ("", ""),
    }
