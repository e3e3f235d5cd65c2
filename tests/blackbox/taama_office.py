"""taama as the server that is asked: started for the tests, on SQLite or PostgreSQL."""

import json
import secrets
import subprocess
import sys

from tests.blackbox.office import Draft, Kept, Phone
from tests.collect.serving import Server


class TaamaOffice:
    name = "taama"

    def __init__(self, folder, database=None, **settings):
        self.server = Server(folder, database, **settings)
        self.server.start()
        try:
            self._open_desk()
        except BaseException:
            self.server.kill()
            raise

    def _open_desk(self):
        command = [sys.executable, "-m", "tests.blackbox.taama_desk"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.desk = subprocess.Popen(command, env=self.server.environment, **pipes)
        self.host = f"http://127.0.0.1:{self.server.port}"
        self.unkeyed, self.wrong_key = f"{self.host}/openrosa", f"{self.host}/key/{'a' * 32}"
        self.phone = self.new_phone()

    def stop(self):
        self.desk.stdin.close()
        self.desk.wait()
        self.server.kill()

    def new_phone(self):
        name = f"phone-{secrets.token_hex(4)}"
        token, secret = self._order("phone", name)
        return Phone(f"{self.host}/key/{token}", name, secret)

    def revoke(self, phone):
        self._order("revoke", phone.name)

    def publish(self, xform, media=None):
        self._order("publish", xform, media or {})

    def publish_tool(self, tool, media):
        self._order("publish_tool", tool, media)

    def settings_code(self, phone):
        """What the QR code says with which this phone is set up."""
        return self._order("settings_code_of", phone.base)

    def findings(self):
        """Read all that waits into facts: code of a check → ids of the submissions of which it speaks."""
        return {code: set(names) for code, names in self._order("findings").items()}

    def release(self, instance_id):
        """A manager takes in what was put aside under this name; whether it was still there."""
        return self._order("release", instance_id)

    def close(self, form_id):
        self._order("close", form_id)

    def take_away(self, form_id):
        self._order("take_away", form_id)

    def draft(self, xform, media=None):
        key, token = self._order("draft", xform, media or {})
        return Draft(f"{self.host}/draft/{token}", key)

    def publish_draft(self, draft):
        self._order("publish_draft", draft.key)

    def delete_draft(self, draft):
        self._order("delete_draft", draft.key)

    def tried(self, draft, instance_id):
        found = self.server.rows("SELECT raw FROM forms_trial WHERE instance_id = %s", instance_id)
        return bytes(found[0][0]) if found else None

    def remove(self, form_id, instance_id):
        self._order("withdraw", instance_id)

    def kept(self, form_id, instance_id):
        found = self.server.rows(
            "SELECT s.id, s.raw, v.version, s.client_device, d.username, s.state FROM collect_submission s"
            " JOIN forms_formversion v ON s.form_version_id = v.id JOIN forms_form f ON v.form_id = f.id"
            " JOIN collect_device d ON s.device_id = d.id WHERE f.form_id = %s AND s.instance_id = %s",
            form_id, instance_id,
        )  # fmt: skip
        if not found:
            return None
        ((key, raw, version, told, sender, state),) = found
        rows = "SELECT filename, sha256 FROM collect_attachment WHERE submission_id = %s"
        files = {}
        for filename, sha256 in self.server.rows(rows, key):
            assert filename not in files, "two files under one name"
            files[filename] = self.server.file(sha256)
        return Kept(bytes(raw), version, told, sender, files, current=state not in ("replaced", "withdrawn"))

    def aside(self, xml):
        """The names and bytes of the files kept with these bytes in quarantine; None when they are not there."""
        found = self.server.rows("SELECT id, raw FROM collect_quarantined WHERE raw IS NOT NULL")
        keys = [key for key, raw in found if bytes(raw) == xml]
        rows = "SELECT filename, sha256 FROM collect_attachment WHERE quarantined_id = %s"
        return {n: self.server.file(s) for n, s in self.server.rows(rows, keys[0])} if keys else None

    def total(self, form_id):
        ((found,),) = self.server.rows(
            "SELECT count(*) FROM collect_submission s JOIN forms_formversion v ON s.form_version_id = v.id"
            " JOIN forms_form f ON v.form_id = f.id WHERE f.form_id = %s",
            form_id,
        )
        return found

    def count(self, instance_id):
        ((found,),) = self.server.rows(
            "SELECT count(*) FROM collect_submission WHERE instance_id = %s", instance_id
        )
        return found

    def _order(self, *words):
        print(json.dumps(words), file=self.desk.stdin, flush=True)
        return json.loads(self.desk.stdout.readline())
