"""The interface that clients of the DTM know: version 3, displacement. No key is needed; one that is sent is ignored."""

from django.http import JsonResponse
from django.views.decorators.http import require_safe

from taama.base.errors import TaamaError
from taama.base.messages import message
from taama.opendata.api import dtm


@require_safe
def country_list(request):
    return _json(dtm.answer(dtm.country_list(request.viewer)))


@require_safe
def operation_list(request):
    return _json(dtm.answer(dtm.operation_list(request.viewer)))


@require_safe
def displacement_of_level(request, level):
    """A refusal travels as 200 with its envelope: the clients read the reason only then."""
    try:
        content = dtm.answer(dtm.displacement(request.viewer, int(level), request.GET))
    except TaamaError as error:
        content = dtm.refusal(message(error.code, "en", error.values).cause)
    return _json(content)


def _json(content):
    answer = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
