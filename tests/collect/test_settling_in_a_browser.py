"""A data manager settles what was put aside in a real browser without scripts, against a real server."""

from pathlib import Path

import pytest
import requests

from tests.collect.phone import BOUNDARY, VERSION, instance, multipart
from tests.collect.serving import Server

pytestmark = pytest.mark.slow
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PASSWORD = "Sévaré, quai nord"  # noqa: S105  of a simulated person in an office that lasts for one test
MANAGER = f"""
import django
django.setup()
from django.core.management import call_command
call_command("createcachetable")
from taama.base.models import Membership, Organisation, User
from taama.base.periods import local_today
user = User.objects.create_user("manager", password="{PASSWORD}")
owner = Organisation.objects.get()
Membership.objects.create(user=user, organisation=owner, role="data_manager", from_date=local_today())
"""
BROKEN = b'<data id="count" version="1"><people>3</people>'
WHOLE = BROKEN + b"<meta><instanceID>uuid:mended</instanceID></meta></data>"


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path / "office")
    server.python(MANAGER)
    server.start()
    yield server
    server.kill()


@pytest.fixture(params=[1280, 390])
def page(request, server):
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        sized = {"viewport": {"width": request.param, "height": 900}, "locale": "fr-FR"}
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{server.port}", java_script_enabled=False, **sized
        )
        page = context.new_page()
        page.goto("/account/login/")
        page.fill("input[name=login]", "manager")
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/")
        yield page
        browser.close()


def send(server, xml):
    headers = VERSION | {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    address = f"http://127.0.0.1:{server.port}/key/{server.token}/submission"
    return requests.post(address, data=multipart(xml), headers=headers, timeout=30).status_code


def wide(page):
    """Whether something makes the whole page scroll sideways."""
    main = page.locator("main").bounding_box()
    return main["x"] + main["width"] > page.viewport_size["width"] + 1


def test_compared_mended_and_decided_together(server, page, tmp_path):
    sent = [BROKEN, instance("uuid:a", people=3), instance("uuid:a", people=4)]
    sent += [instance(f"uuid:{number}", version="9") for number in range(3)]
    assert [send(server, xml) for xml in sent] == [201, 201, 409, 201, 201, 201]

    page.goto("/submissions/aside/?code=collect.instance_conflict")
    page.click("tbody a")
    assert page.locator("table.pair >> nth=0").inner_text().split()[-2:] == ["3", "4"] and not wide(page)
    page.click("text=Accepter cet envoi")
    assert server.rows("SELECT count(*) FROM collect_submission WHERE state = 'replaced'") == [(1,)]

    mended = tmp_path / "mended.xml"
    mended.write_bytes(WHOLE)
    page.goto("/submissions/aside/?code=collect.xml_unreadable")
    page.click("tbody a")
    assert page.locator("text=Accepter cet envoi").count() == 0
    page.set_input_files("#file", mended)
    page.click("text=Voir ce qui va se passer")
    assert "uuid:mended" in page.locator(".changed").inner_text() and not wide(page)
    page.fill("#reason", "balise perdue")
    page.click("text=Accepter l'envoi corrigé")
    assert "balise perdue" in page.locator("main").inner_text()

    page.goto("/submissions/aside/?code=collect.version_unknown")
    page.check("#all")
    page.click("button[value=accept]")
    assert not wide(page)
    page.fill("#reason", "même questionnaire")
    page.click("main form button")
    assert "3 envois sont acceptés" in page.locator("main").inner_text()
    assert server.rows("SELECT count(*) FROM collect_quarantined WHERE state = 'waiting'") == [(0,)]
    assert [send(server, xml) for xml in sent] == [201] * 6, (
        "what was accepted is received when it comes again"
    )
