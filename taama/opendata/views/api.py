"""Our own interface for programs."""

import json

from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from taama.base.requests import language_now
from taama.figures.queries import snapshot
from taama.opendata.api import answers, description, openapi, parameters
from taama.opendata.views.answering import lasting


@require_safe
def snapshots(request):
    return _open(answers.snapshots(request.viewer, parameters.read(description.SNAPSHOTS, request.GET)))


@require_safe
def figures(request):
    asked = parameters.read(description.FIGURES, request.GET)
    asked["snapshot"] = snapshot(request.viewer, asked["snapshot"]).number
    parts = ("figures", sorted((name, str(value)) for name, value in asked.items()))
    return lasting(request, parts, lambda: _json(answers.figures(request.viewer, asked)), "application/json")


@require_safe
def figure(request, pk):
    return _open(answers.figure(request.viewer, pk))


@require_safe
def areas(request):
    return _open(answers.areas(request.viewer, parameters.read(description.AREAS, request.GET)))


@require_safe
def openapi_document(request):
    return _open(openapi.document(language_now()))


@require_safe
def documentation(request):
    """The same description as a page for people."""
    context = {
        "document": openapi.document(language_now()),
        "endpoints": description.ENDPOINTS,
        "root": description.ROOT,
    }
    return render(request, "opendata/api.html", context)


def no_address(request, path):
    raise answers.no_address(request.path)


def _open(content):
    answer = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _json(content):
    return json.dumps(content, ensure_ascii=False).encode("utf-8")
