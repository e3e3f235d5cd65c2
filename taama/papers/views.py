"""The paper version of a form, or of a draft of one."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from taama.base.messages import LANGUAGES
from taama.base.requests import or_404
from taama.forms import queries
from taama.papers.pdf.build import paper_pdf


@never_cache
@login_required
@require_safe
def of_version(request, key, language):
    """The paper version of a published version."""
    version = or_404(queries.version(request.viewer, key))
    return _paper(version.xform, version.form.form_id, version.version, language, version.published_at)


@never_cache
@login_required
@require_safe
def of_draft(request, key, language):
    """The paper version of a draft, once it is converted."""
    draft = or_404(queries.draft(request.viewer, key))
    return _paper(or_404(draft.xform), draft.form_id, draft.version, language, draft.changed_at)


def _paper(xform, form_id, version, language, made_at):
    or_404(language if language in LANGUAGES else None)
    response = HttpResponse(paper_pdf(bytes(xform), language, made_at), content_type="application/pdf")
    name = f"{form_id}-{version or '0'}.{language}.pdf"
    response.headers["Content-Disposition"] = content_disposition_header(False, name)
    return response
