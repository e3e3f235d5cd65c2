"""What the demonstration does, step by step. Each step can be repeated without doing its work twice."""

import secrets
import tomllib
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from taama.base import actions as base
from taama.base.models import Organisation, User
from taama.base.policy import OPERATOR
from taama.base.work import run_until_idle
from taama.collect.actions.receive import receive_file
from taama.figures import queries as figures
from taama.forms.actions.publishing import publish_form
from taama.phones.actions import create_device, revoke_device
from taama.places import queries as places
from taama.places.actions.country import load_country
from taama.project.demo.simulate import Place, Round, Simulation

PACKAGE = Path(__file__).resolve().parents[2]
TOOLS = ("location_assessment", "flow_registry")

ORGANISATIONS = [
    ("dnds", "Direction nationale du développement social", "directorate"),
    ("cmp", "Commission mouvement de populations", "commission"),
    ("oim", "OIM Mali", "un"),
    ("ong-demo", "ONG de démonstration", "ngo"),
]
ACCOUNTS = [
    ("donnees", "data_manager", "dnds"),
    ("information", "information_officer", "oim"),
    ("validation", "validator", "cmp"),
    ("partenaire", "partner", "ong-demo"),
    ("admin", "administrator", "dnds"),
]


def scenario():
    path = PACKAGE / "project" / "data" / settings.TAAMA_COUNTRY / "demo.toml"
    return tomllib.loads(path.read_text("utf-8"))


def load_places():
    return load_country(by=OPERATOR, folder=settings.TAAMA_COUNTRY, simulated=True)


def make_organisations():
    for code, name, kind in ORGANISATIONS:
        if not Organisation.objects.filter(code=code).exists():
            base.register_organisation(
                by=OPERATOR, code=code, name=name, kind=kind, simulated=code == "ong-demo"
            )


def make_accounts():
    """The demo accounts, each with a new random password. Returns (username, role, password) of each."""
    shown = []
    for username, role, organisation in ACCOUNTS:
        password = secrets.token_urlsafe(12)
        user = User.objects.filter(username=username).first()
        if user is None:
            user = base.create_account(by=OPERATOR, username=username, password=password, simulated=True)
            of = Organisation.objects.get(code=organisation)
            base.give_membership(by=OPERATOR, user=user, organisation=of, role=role)
        else:
            base.set_password(by=OPERATOR, user=user, password=password)
        shown.append((username, role, password))
    return shown


def publish_forms():
    """Our two forms, with the lists of places as they are now known."""
    for tool in TOOLS:
        source = (PACKAGE / "mobility" / "tools" / tool / "form.md").read_bytes()
        publish_form(by=OPERATOR, source=source, filename=f"{tool}.md", tool=tool)


def import_published():
    """The real figures: national series, regional snapshots, flows."""
    folder = PACKAGE / "series" / "data" / settings.TAAMA_COUNTRY
    for name in ("national_series.csv", "regional_snapshots.csv", "flow_series.csv"):
        receive_file(by=OPERATOR, raw=(folder / name).read_bytes(), filename=name, tool="published_series")


def make_device():
    """A phone for this run of the demonstration. Returns (device, token)."""
    of = Organisation.objects.get(code="dnds")
    made = create_device(
        by=OPERATOR,
        username=f"demo-{secrets.token_hex(3)}",
        organisation=of,
        label="Simulation",
        simulated=True,
    )
    return made.device, made.token


def retire(device):
    revoke_device(by=OPERATOR, device=device)


def rounds():
    return [Round(r["code"], r["first"], r["last"]) for r in scenario()["rounds"]]


def simulated_places():
    found = [*places.localities(OPERATOR), *places.sites(OPERATOR)]
    return [Place(p.code, _above(p.area, 1), _above(p.area, 2), p.lat, p.lon) for p in found if p.simulated]


def _above(area, level):
    while area.level > level:
        area = area.parent
    return area.key


def messages():
    """What the simulated phones send, in the batches in which they send it: each round, then the days of points."""
    told = scenario()
    simulation = Simulation(told)
    simulation.assess(simulated_places(), rounds())
    half = len(simulation.messages) // len(rounds())
    batches = [
        simulation.messages[start : start + half] for start in range(0, len(simulation.messages), half)
    ]
    flow = told["flow"]
    span = (flow["last"] - flow["first"]).days + 1
    days = [flow["first"] + timedelta(days=n) for n in range(span)]
    count = len(simulation.messages)
    return [*batches, simulation.observe(flow["usual"], days)[count:]]


def read_in():
    """Read what has arrived into facts, and give phones the figures of this round for the next."""
    run_until_idle(["derive", "seal"])
    publish_forms()


def is_published(title):
    """Whether a snapshot has this title: the last thing of its part of the story."""
    return figures.snapshots(OPERATOR).filter(title=title).exists()


def publish(title):
    """Read what has arrived and freeze it, unless something was published under this title."""
    from taama.publish.tasks import publish_now  # noqa: PLC0415  heavy: only when something is published

    if not is_published(title):
        publish_now(OPERATOR, title)
