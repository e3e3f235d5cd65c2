"""Answers that belong to no domain: health, refused forms."""

from django.db import connection
from django.http import JsonResponse
from django.shortcuts import render


def health(request):
    """200 when the database answers. For a watchdog; says nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)
