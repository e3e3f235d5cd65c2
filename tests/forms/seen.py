"""What tests of forms look at: a page as its reader sees it, a phone's list, a form that needs a list."""

import html
import re

LISTED = """
| survey   |                                   |         |            |
|          | type                              | name    | label      |
|          | select_one_from_file villages.csv | v       | Village    |
| settings |                                   |         |            |
|          | form_id                           | version | form_title |
|          | places                            | {}      | Lieux      |
"""
VILLAGES = b"name,label\na,Ansongo\n"


def page(client, address):
    """The text of a page, with plain spaces."""
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode()).replace("\u202f", " ").replace("\xa0", " ")


def listed(phone):
    """Ids of the forms that a phone is offered."""
    return re.findall(r"<formID>(.*?)</formID>", phone.get("/formList").content.decode())
