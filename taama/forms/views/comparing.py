"""Two versions of a form side by side."""

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from taama.base.messages import catalogue, message
from taama.base.requests import language_now, or_404
from taama.forms import queries
from taama.forms.methods.comparing import COMPATIBLE, ENDS, MEANING, compare
from taama.forms.methods.outline import read_outline

EFFECTS = (MEANING, ENDS, COMPATIBLE)  # what may harm the data first


@never_cache
@login_required
@require_safe
def comparison(request, key):
    """What differs between two versions of a form, question by question, and what it means for the answers."""
    form = or_404(queries.form(request.viewer, key))
    versions = list(queries.versions(request.viewer, form))
    asked = [request.GET.get(name, "") for name in ("old", "new")]
    old, new = _two(versions, *asked)
    found = [queries.version(request.viewer, one.pk).xform for one in (old, new)] if old and new else []
    context = {"form": form, "versions": versions, "old": old, "new": new, "groups": _groups(*found)}
    return render(request, "forms/comparison.html", context)


@never_cache
@login_required
@require_safe
def of_draft(request, key):
    """What would change for the answers, were a draft published in the place of the version that phones have."""
    draft = or_404(queries.draft(request.viewer, key))
    form = or_404(queries.form_named(request.viewer, draft.form_id))
    now = or_404(queries.versions(request.viewer, form).filter(current=True).first())
    old = queries.version(request.viewer, now.pk)
    context = {"form": form, "draft": draft, "old": old, "groups": _groups(old.xform, or_404(draft.xform))}
    return render(request, "forms/comparison.html", context)


def _two(versions, old, new):
    """The versions that were asked for; else the present one and the one before."""
    by_key = {str(version.pk): version for version in versions}
    fallback = [*versions[1:2], *versions[:1]] if len(versions) > 1 else [None, *versions[:1]]
    return by_key.get(old, fallback[0]), by_key.get(new, fallback[-1] if versions else None)


def _groups(*xforms):
    """Differences with their sentences, by what they mean for the answers; None where there are no two versions."""
    if not xforms:
        return None
    outlines = [read_outline(bytes(xform)) for xform in xforms]
    found = compare(*outlines)
    labels = {n.path: n.label(language_now()) for one in outlines for n in one.root.walk() if n.labels}
    told = [
        (one, message(one.code, language_now(), one.values).cause, labels.get(one.path))
        for one in map(_in_words, found)
    ]
    return [
        (effect, message(f"forms.effect_{effect}", language_now()).cause, [row for row in told if row[0].effect == effect])
        for effect in EFFECTS
    ]  # fmt: skip


def _in_words(one):
    """A difference with words for types of questions and parts of their logic."""
    if "part" in one.values:
        return replace(one, values=one.values | {"part": _word("part", one.values["part"])})
    if one.code == "forms.difference_type":
        return replace(one, before=_word("type", one.before), after=_word("type", one.after))
    return one


def _word(kind, name):
    code = f"forms.{kind}_{name}"
    return message(code, language_now()).cause if code in catalogue() else name
