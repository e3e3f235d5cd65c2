"""How pages show pictures, values and changes: `{% picture p %}`, `{% figure_value f url=why %}`, `{% change c %}`."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from taama.base.messages import catalogue, message
from taama.base.messages import number as number_text
from taama.base.messages import percent as percent_text
from taama.figures.draw.picture import Datum, Wording
from taama.figures.figure import NO_DATA, SUPPRESSED

register = template.Library()


def _language():
    return "en" if (get_language() or "").startswith("en") else "fr"


@register.inclusion_tag("figures/picture.html")
def picture(drawn, heading=True):
    """A Picture with its notes and its table; without `heading` where the page already says the title."""
    return {
        "picture": drawn,
        "heading": heading,
        "wide": mark_safe(drawn.svg),  # noqa: S308  made by figures.draw, which escapes what it is given
        "narrow": mark_safe(drawn.narrow),  # noqa: S308  likewise
        "rows": [list(zip(drawn.columns, row, strict=True)) for row in drawn.rows],
    }


@register.simple_tag
def drawing(drawn):
    """Only the drawing, for a cell of a table that holds the numbers."""
    return mark_safe(drawn.svg)  # noqa: S308  made by figures.draw, which escapes what it is given


@register.filter
def number(value, decimals=None):
    return "" if value is None else number_text(value, _language(), decimals)


@register.filter
def percent(value, decimals=0):
    return "" if value is None else percent_text(value, _language(), decimals)


@register.simple_tag
def figure_value(figure, url="", decimals=None):
    """The value, its range and its marks in words; the value leads to its "why" page."""
    language = _language()
    wording = Wording(figure.unit, language, decimals)
    datum = Datum.of(figure, "")
    value = wording.value(datum)
    if datum.value is None:
        shown = format_html('<span class="mark mark-{}">{}</span>', datum.shown, value)
        return format_html('<a href="{}">{}</a>', url, shown) if url else shown
    number_ = format_html('<a class="value" href="{}">{}</a>', url, value) if url else _span("value", value)
    interval = wording.interval(datum)
    told = sorted(mark for mark in datum.marks if mark not in (SUPPRESSED, NO_DATA))
    marks = format_html_join(
        "", ' <span class="mark mark-{}">{}</span>', ((m, wording.mark(m)) for m in told)
    )
    return format_html(
        "{}{}{}", number_, _span("range", f"({interval})", before=" ") if interval else "", marks
    )


@register.simple_tag
def change(found, unit="people"):
    """A change as figures keep it: {value, percent} → `+8 420 (+9,4 %)`; {reason, values} → n.c. and the reason."""
    if not found:
        return ""
    language = _language()
    if "reason" in found:
        short = str(message("figures.draw_not_comparable", language))
        return format_html("{} {}", _span("change nc", short), _span("reason", _reason(found, language)))
    value = found["value"]
    points = message("figures.draw_points", language, {"points": value}).cause
    text = _signed(value, points if unit == "percent" else number_text(value, language))
    share = found.get("percent")
    if share is not None:
        text += f" ({_signed(share, percent_text(share, language, 1))})"
    return _span("change", text)


def _reason(found, language):
    code = found["reason"]
    return message(code, language, found.get("values")).cause if code in catalogue() else code


def _signed(value, text):
    return f"+{text}" if value > 0 else text


def _span(names, text, before=""):
    return format_html('{}<span class="{}">{}</span>', before, names, text)
