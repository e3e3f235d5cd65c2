"""Reading a phone's request into an Arrival: files go to disk as they come, the instance stays in memory."""

import hashlib

from django.conf import settings

from taama.base.errors import MethodError, TaamaError
from taama.base.files import Incoming
from taama.base.policy import DEVICE, Standing, Viewer
from taama.collect.actions.desk import Arrival, SentFile
from taama.collect.methods.instance import LARGEST_INSTANCE, read_instance
from taama.collect.methods.named import safe_filename
from taama.phones.methods.multipart import END, Part, Parts, boundary_of
from taama.phones.methods.size import size

CHUNK = 65_536
INSTANCE = "xml_submission_file"
MOST_FILES = 1000


class ArrivalReader:
    """Reads one request; what it began to write is dropped when the request breaks."""

    def __init__(self, request, device):
        self.request, self.device = request, device
        self.instance, self.files = None, []
        self.names, self.incoming, self.field = (), None, None

    def read(self):
        """The Arrival. Raises TaamaError: too large (413), malformed, or XML with a document type (400)."""
        try:
            self._read_parts()
        finally:
            if self.incoming:
                self.incoming.drop()
        if not self.instance:
            raise TaamaError("phones.instance_missing")
        told = self.request.GET.get("deviceID", "").replace("\0", "")[:120]
        return arrival(self.device, bytes(self.instance), lambda instance: _files(self.files, instance), told)

    def _read_parts(self):
        parts = Parts(boundary_of(self.request.META.get("CONTENT_TYPE", "")))
        for chunk in chunks(self.request):
            for event in parts.feed(chunk):
                self._take(event)
        parts.close()

    def _take(self, event):
        if isinstance(event, Part):
            self._begin(event)
        elif event is END:
            self._end()
        elif self.incoming:
            self.incoming.write(event)
        elif self.field is not None:
            self.field += event
            if len(self.field) > LARGEST_INSTANCE:
                raise too_large(LARGEST_INSTANCE)

    def _begin(self, part):
        """The first instance is the instance; other named parts are files; plain fields say nothing we need."""
        if part.name == INSTANCE and self.instance is None:
            self.instance = self.field = bytearray()
        elif part.filename is not None or part.kind not in ("", "text/plain"):
            if len(self.files) == MOST_FILES:
                raise TaamaError("phones.too_many_files", values={"most": MOST_FILES}, status=413)
            self.names = safe_filename(part.filename or part.name), safe_filename(part.name)
            self.incoming = Incoming()

    def _end(self):
        if self.incoming:
            kept = self.incoming.keep()
            self.files.append((self.names, kept))
        self.incoming = self.field = None


def arrival(device, raw, files, client_device=""):
    """What a phone brought; `files` is a function that, given the instance or None, names those that came with it."""
    instance = instance_or_none(raw)
    return Arrival(
        by=viewer_of(device), raw=raw, sha256=hashlib.sha256(raw).hexdigest(), instance=instance, files=files(instance),
        device=device, client_device=client_device, simulated=device.simulated,
    )  # fmt: skip


def _files(files, instance):
    """The files under the name that the instance knows: their own, else that of their part; browsers say `blob`."""
    answers = instance.answers if files and instance else ()
    return tuple(
        SentFile(part if part in answers and name not in answers else name, kept.sha256, kept.bytes)
        for (name, part), kept in files
    )


def viewer_of(device):
    """A phone as the one who looks or acts, with its area and the key of its organisation."""
    team = str(device.team_id) if device.team_id else ""
    own = Standing(organisation=str(device.organisation_id), role=DEVICE, area=device.area, team=team)
    return Viewer(DEVICE, str(device.pk), (own,))


def chunks(request):
    """The body as it comes, never more than may be sent, never less than was announced."""
    most = settings.TAAMA_MAX_SUBMISSION_BYTES
    announced = request.META.get("CONTENT_LENGTH") or None
    if announced and int(announced) > most:
        raise too_large(most)
    chunked = announced is None and request.META.get("wsgi.input_terminated")
    stream = request.META["wsgi.input"] if chunked else request
    read = 0
    while chunk := stream.read(CHUNK):
        read += len(chunk)
        if read > most:
            raise too_large(most)
        yield chunk


def too_large(most):
    return TaamaError("phones.too_large", values={"most": size(most)}, status=413)


def instance_or_none(raw):
    """None when it can't be read: it is kept all the same. A document type is an attack, not a loss."""
    try:
        return read_instance(raw)
    except MethodError as error:
        if error.code == "forms.xml_doctype":
            raise
        return None
