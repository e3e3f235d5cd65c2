"""Withdrawing a published snapshot: the reason that readers are told, and what replaces it."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from taama.figures.actions import withdraw_snapshot
from taama.figures.models import Snapshot
from taama.opendata.views.answering import let_go
from taama.publish.queries.snapshots import withdrawal


class Withdrawal(forms.Form):
    """Why, and which other snapshot is to be read instead."""

    reason = forms.CharField(
        label=_("Reason, for every reader"),
        help_text=_(
            "What was wrong, in one or two sentences, without naming anybody. It cannot be changed later."
        ),
        max_length=Snapshot._meta.get_field("withdrawn_reason").max_length,
        widget=forms.Textarea({"rows": 3}),
    )
    replaced_by = forms.TypedChoiceField(
        label=_("Replaced by"),
        help_text=_("A replacement can also be named later, on this page."),
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args, found, others, **more):
        before = {
            "reason": found.withdrawn_reason,
            "replaced_by": found.replaced_by and found.replaced_by.number,
        }
        super().__init__(*args, initial=before, **more)
        self.fields["replaced_by"].choices = [("", _("none")), *others]
        self.fields["reason"].disabled = found.withdrawn_at is not None


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, number):
    known = withdrawal(request.viewer, number)
    form = Withdrawal(request.POST or None, found=known["snapshot"], others=known["others"])
    if form.is_valid():
        withdraw_snapshot(by=request.viewer, number=number, **form.cleaned_data)
        let_go()
        return redirect("snapshots")
    status = 422 if form.is_bound else 200
    return render(request, "publish/withdraw.html", known | {"form": form}, status=status)
