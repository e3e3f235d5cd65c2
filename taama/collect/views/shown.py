"""What all pages of collect share: the tabs that a viewer may open, and XML as people read it."""

from django.shortcuts import render

from taama.base.messages import message
from taama.base.requests import language_now
from taama.collect import queries
from taama.forms.methods.xml import shown_xml


def page(request, template, context):
    """A page with the tabs that this viewer may open."""
    return render(request, template, context | {"keeper": request.viewer.may("collect.quarantine")})


def xml_shown(viewer, item):
    """What was sent, without the answers that this viewer must not see."""
    return shown_xml(queries.shown(viewer, item, message("forms.answer_hidden", language_now()).cause))
