"""What a settings code tells ODK Collect: which server, and to keep itself up to date without being asked."""

import base64
import json
import zlib


def settings_code(server_url, project):
    """The text of the QR code with which a phone is set up. Holds no password: the address carries the token.

    server_url  str, with its token path
    project     str, the name that the phone shows
    Returns     str, base64 of compressed JSON
    Source      ODK Collect documentation, settings QR codes; only what differs from the defaults is written.
                Sent forms are removed from the phone: a lost or seized phone must not tell what it collected

    >>> json.loads(zlib.decompress(base64.b64decode(settings_code("http://x/key/t", "Mali"))))["project"]
    {'name': 'Mali'}
    """
    settings = {
        "general": {
            "protocol": "odk_default",
            "server_url": server_url,
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
            "delete_send": True,
        },
        "admin": {},
        "project": {"name": project},
    }
    compact = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(compact.encode(), 9)).decode()
