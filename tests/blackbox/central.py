"""ODK Central as the server that is asked: BLACKBOX_OFFICE=tests.blackbox.central:CentralOffice.

CENTRAL is its address, CENTRAL_EMAIL and CENTRAL_PASSWORD those of an administrator. A project is made for each run.
"""

import json
import os
from urllib.parse import quote

from tests.blackbox.office import Draft, Kept, Phone
from tests.blackbox.wire import ask, new_id


class CentralOffice:
    name = "central"

    def __init__(self):
        self.host = f"{os.environ['CENTRAL']}/v1"
        who = {"email": os.environ["CENTRAL_EMAIL"], "password": os.environ["CENTRAL_PASSWORD"]}
        self.session = ""
        self.session = self._told("/sessions", "POST", who)["token"]
        self.path = f"/projects/{self._told('/projects', 'POST', {'name': f'black box {new_id()}'})['id']}"
        self.unkeyed, self.wrong_key = self.host + self.path, f"{self.host}/key/{'a' * 64}{self.path}"
        self.phones, self.forms = {}, []
        self.phone = self.new_phone()

    def stop(self):
        self._ask(self.path, "DELETE")

    def new_phone(self):
        made = self._told(f"{self.path}/app-users", "POST", {"displayName": new_id()})
        phone = Phone(f"{self.host}/key/{made['token']}{self.path}", made["displayName"])
        self.phones[phone] = made["id"]
        for form_id in self.forms:
            self._assign(form_id, made["id"])
        return phone

    def revoke(self, phone):
        self._told(f"{self.path}/app-users/{self.phones.pop(phone)}", "DELETE")

    def publish(self, xform, media=None):
        self.publish_draft(self.draft(xform, media))

    def draft(self, xform, media=None):
        form_id = xform.partition('<data id="')[2].partition('"')[0]
        new = form_id not in self.forms
        form = f"{self.path}/forms/{quote(form_id)}"
        self._told(
            f"{self.path}/forms?ignoreWarnings=true" if new else f"{form}/draft?ignoreWarnings=true",
            "POST",
            xform,
        )
        for name, text in (media or {}).items():
            self._told(f"{form}/draft/attachments/{quote(name)}", "POST", text, kind="text/csv")
        token = self._told(f"{form}/draft")["draftToken"]
        return Draft(f"{self.host}/test/{token}{form}/draft", form_id)

    def publish_draft(self, draft):
        self._told(f"{self.path}/forms/{quote(draft.key)}/draft/publish", "POST")
        if draft.key not in self.forms:
            self.forms.append(draft.key)
            for actor in self.phones.values():
                self._assign(draft.key, actor)

    def delete_draft(self, draft):
        form = f"{self.path}/forms/{quote(draft.key)}"
        self._told(f"{form}/draft" if draft.key in self.forms else form, "DELETE")

    def tried(self, draft, instance_id):
        answer = self._ask(f"{self.path}/forms/{quote(draft.key)}/draft/submissions/{instance_id}.xml")
        return answer.body if answer.status == 200 else None

    def take_away(self, form_id):
        for actor in self.phones.values():
            self._told(f"{self.path}/forms/{quote(form_id)}/assignments/app-user/{actor}", "DELETE")

    def close(self, form_id):
        self._told(f"{self.path}/forms/{quote(form_id)}", "PATCH", {"state": "closed"})

    def remove(self, form_id, instance_id):
        self._told(f"{self.path}/forms/{form_id}/submissions/{instance_id}", "DELETE")

    def kept(self, form_id, instance_id):
        form = f"{self.path}/forms/{quote(form_id)}/submissions"
        for root in [one["instanceId"] for one in self._told(form)]:
            for version in self._told(f"{form}/{root}/versions", X_Extended_Metadata="true"):
                if version["instanceId"] == instance_id:
                    return self._kept(f"{form}/{root}/versions/{instance_id}", version)
        return None

    def _kept(self, address, version):
        raw = self._ask(f"{address}.xml").body
        there = [file["name"] for file in self._told(f"{address}/attachments") if file["exists"]]
        files = {name: self._ask(f"{address}/attachments/{quote(name)}").body for name in there}
        filled = raw.partition(b"<data")[2].partition(b' version="')[2].partition(b'"')[0].decode()
        sender = version["submitter"]["displayName"]
        return Kept(raw, filled, version["deviceId"] or "", sender, files, version["current"])

    def total(self, form_id):
        return len(self._told(f"{self.path}/forms/{quote(form_id)}/submissions"))

    def aside(self, xml):
        return None

    def count(self, instance_id):
        forms = [f"{self.path}/forms/{quote(form_id)}/submissions/{instance_id}" for form_id in self.forms]
        return sum(self._ask(address).status == 200 for address in forms)

    def _assign(self, form_id, actor):
        self._told(f"{self.path}/forms/{quote(form_id)}/assignments/app-user/{actor}", "POST")

    def _told(self, path, method="GET", sent=None, kind="application/xml", **headers):
        answer = self._ask(path, method, sent, kind, **headers)
        assert answer.status == 200, (path, answer.text)
        return json.loads(answer.body)

    def _ask(self, path, method="GET", sent=None, kind="application/xml", **headers):
        if isinstance(sent, dict):
            sent, kind = json.dumps(sent), "application/json"
        told = {"Authorization": f"Bearer {self.session}"} if self.session else {}
        body = None if sent is None else sent.encode()
        told |= {"Content_Type": kind} if sent is not None else {}
        return ask(self.host + path, method, body, **told, **headers)
