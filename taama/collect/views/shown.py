"""What all pages of collect share: the tabs that a viewer may open."""

from django.shortcuts import render


def page(request, template, context):
    """A page with the tabs that this viewer may open."""
    return render(request, template, context | {"keeper": request.viewer.may("collect.quarantine")})
