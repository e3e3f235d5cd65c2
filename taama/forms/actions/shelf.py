"""The files of a form version or a draft, written in one way."""

import hashlib

from taama.forms.models import FormMedia


class Shelf:
    """The files of one owner: `form_version=…` or `draft=…`."""

    def __init__(self, **owner):
        self.owner = owner

    def keep(self, files, copied=False):
        """Files as they are wanted now: name → bytes. Returns the rows that changed; the same bytes change nothing.

        copied  from the version that phones have, not given by the author
        """
        there = {media.filename: media for media in FormMedia.objects.filter(**self.owner).defer("content")}
        changed = []
        for name, content in files.items():
            md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
            media = there.get(name) or FormMedia(filename=name, **self.owner)
            if (media.md5, media.copied) != (md5, copied):
                media.content, media.md5, media.copied = content, md5, copied
                media.save()
                changed.append(media)
        return changed
