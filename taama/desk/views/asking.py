"""What a page asks of somebody who wants a file: format, language, options, which submissions."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from taama.base.errors import TaamaError
from taama.base.messages import day
from taama.base.models import new_id
from taama.base.requests import language_now
from taama.collect.models import Submission
from taama.desk.methods.export_fields import BOTH, COLUMNS, LIST
from taama.desk.models import Export
from taama.places import queries as places
from taama.review.models import Review

MULTIPLES = [
    (LIST, _("One column with all of them")),
    (COLUMNS, _("A column of 0 and 1 for each answer")),
    (BOTH, _("Both")),
]
LABELS = [("", _("Codes, as in the form")), ("1", _("Texts, as people read them"))]
GROUPS = [("1", _("Group and question")), ("", _("Question only"))]
OPTIONS = ("labels", "multiples", "groups")
FILTERS = ("first_day", "last_day", "area", "review", "versions", "states")


class Wanted(forms.Form):
    """The key is born with the form, so that sending it twice asks once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    format = forms.ChoiceField(label=_("Format"), choices=Export.Format.choices)
    language = forms.ChoiceField(label=_("Language"))
    labels = forms.TypedChoiceField(
        label=_("Answers"), choices=LABELS, coerce=bool, empty_value=False, required=False
    )
    multiples = forms.ChoiceField(label=_("Questions with several answers"), choices=MULTIPLES)
    groups = forms.TypedChoiceField(
        label=_("Names of columns"),
        choices=GROUPS,
        coerce=bool,
        empty_value=False,
        required=False,
        initial="1",
    )
    first_day = forms.DateField(
        label=_("Received from"), required=False, widget=forms.DateInput({"type": "date"})
    )
    last_day = forms.DateField(label=_("until"), required=False, widget=forms.DateInput({"type": "date"}))
    area = forms.ChoiceField(label=_("Area"), required=False)
    review = forms.ChoiceField(
        label=_("Review"), required=False, choices=[("", _("All")), *Review.State.choices]
    )
    versions = forms.MultipleChoiceField(
        label=_("Versions of the form (all if none is chosen)"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    states = forms.MultipleChoiceField(
        label=_("States (all but replaced and withdrawn if none is chosen)"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[one for one in Submission.State.choices if one[0] != Submission.State.ERASED],
    )

    def __init__(self, *arguments, versions, languages, areas, **named):
        super().__init__(*arguments, **named)
        self.fields["versions"].choices = [(name, name or "–") for name in versions]
        self.fields["language"].choices = languages
        self.fields["area"].choices = [("", _("Everywhere")), *areas]

    def for_file(self):
        return [self[name] for name in ("format", "language", *OPTIONS)]

    def for_filter(self):
        return [self[name] for name in FILTERS]

    @property
    def options(self):
        return {name: self.cleaned_data[name] for name in OPTIONS}

    @property
    def filters(self):
        """Those that were chosen, as they are kept."""
        chosen = {name: self.cleaned_data[name] for name in FILTERS if self.cleaned_data[name]}
        return {
            name: value if isinstance(value, list | str) else value.isoformat()
            for name, value in chosen.items()
        }


def told(viewer, filters):
    """What was chosen, in words: [(label, text)], in the order of the page."""
    states, reviews = dict(Submission.State.choices), dict(Review.State.choices)
    texts = {
        "first_day": _day(filters.get("first_day")), "last_day": _day(filters.get("last_day")),
        "area": places.area_names(viewer, [filters["area"]]).get(filters["area"]) if "area" in filters else "",
        "review": reviews.get(filters.get("review"), ""), "versions": ", ".join(filters.get("versions", ())),
        "states": ", ".join(str(states[one]) for one in filters.get("states", ())),
    }  # fmt: skip
    labels = {"versions": _("Version"), "states": _("State")}
    return [
        (labels.get(name, Wanted.base_fields[name].label), texts[name]) for name in FILTERS if texts[name]
    ]


def _day(text):
    return day(date.fromisoformat(text), language_now()) if text else ""


class Pairs(forms.Form):
    """One pair on each line: former = present."""

    pairs = forms.CharField(
        required=False, widget=forms.Textarea({"rows": 8, "cols": 60, "spellcheck": "false"})
    )

    def clean_pairs(self):
        lines = [line.strip() for line in self.cleaned_data["pairs"].splitlines() if line.strip()]
        found = [tuple(part.strip(" /") for part in line.split("=")) for line in lines]
        for line, pair in zip(lines, found, strict=True):
            if len(pair) != 2 or not all(pair):
                raise TaamaError("desk.rename_malformed", values={"line": line})
        return dict(found)
