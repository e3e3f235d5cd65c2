"""Publishing without a shell: what would be published, a title for it, a confirmation, and how far it is."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from taama.base.models import new_id
from taama.base.requests import language_now
from taama.publish.actions import ask_publication
from taama.publish.models import Publication
from taama.publish.queries.publications import proposal, publication


class Asked(forms.Form):
    """Under which title, and what changed. The key is born with the form, so that sending it twice asks once."""

    title = forms.CharField(
        label=_("Title"),
        help_text=_("For example: Round 3, June 2026. Every reader sees it."),
        max_length=Publication._meta.get_field("title").max_length,
        widget=forms.TextInput({"size": 60}),
    )
    note = forms.CharField(
        label=_("What changed (optional)"),
        help_text=_("One or two sentences for readers: what is new, what was corrected and why."),
        max_length=Publication._meta.get_field("note").max_length,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request):
    """What a snapshot would hold now; with a title, the same once more to be confirmed."""
    form = Asked(
        request.POST or None, initial={name: request.GET.get(name, "") for name in ("title", "note")}
    )
    confirming = form.is_valid() and "back" not in request.POST
    return _proposal(request, form, confirming)


@require_POST
@login_required
def ask(request):
    """Ask the worker for it."""
    form = Asked(request.POST)
    if not form.is_valid():
        return _proposal(request, form, confirming=False)
    made = ask_publication(by=request.viewer, **form.cleaned_data)
    return redirect("publication", key=made.pk)


def _proposal(request, form, confirming):
    context = {"form": form, "confirming": confirming} | proposal(request.viewer, language_now())
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "publish/publish.html", context, status=status)


@never_cache
@login_required
@require_safe
def progress(request, key):
    """How far a publication is; the page asks again by itself until it is settled."""
    found = publication(request.viewer, key, language_now())
    if found is None:
        raise Http404
    return render(request, "publish/publication.html", found)
