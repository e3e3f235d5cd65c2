"""Steps of `test_publishing` in processes of their own: a worker that dies while it publishes, two that work at once."""

import os
import sys
import time
from pathlib import Path

import django

HERE = Path(os.environ["TAAMA_DATA_DIR"])


def prepare(count):
    """An office with an information officer who has asked for some snapshots."""
    from datetime import date

    from django.core.management import call_command

    from taama.base.models import Membership, Organisation, User, new_id
    from taama.base.viewers import viewer_of_user
    from taama.publish.actions import ask_publication

    call_command("migrate", verbosity=0, interactive=False)
    user = User.objects.create_user("awa", password="a-long-Pass-word-1")
    office = Organisation.objects.create(code="dnds", name="DNDS", kind="directorate")
    Membership.objects.create(
        user=user, organisation=office, role="information_officer", from_date=date(2020, 1, 1)
    )
    for number in range(int(count)):
        ask_publication(by=viewer_of_user(user), key=new_id(), title=f"T{number}")


def die(_):
    """Begin to publish and never end; the test kills this process."""
    from taama.publish import tasks

    def computed():
        (HERE / "begun").touch()
        time.sleep(600)

    tasks.computed = computed
    tasks.publish_requested()


def work(name):
    """Publish until nothing waits, noting when each computation began and ended."""
    from taama.base.policy import WORKER
    from taama.publish import tasks
    from taama.publish.queries.publications import next_publication

    def computed():
        begin = time.time()
        time.sleep(0.5)
        with (HERE / f"times-{name}").open("a") as file:
            file.write(f"{begin} {time.time()}\n")
        return []

    tasks.computed = computed
    until = time.monotonic() + 60
    while next_publication(WORKER) and time.monotonic() < until:
        tasks.publish_requested() or time.sleep(0.05)


def tell(_):
    """What came of it, on one line each: title, state, attempts, snapshot."""
    from taama.figures.models import Snapshot
    from taama.publish.models import Publication

    for each in Publication.objects.order_by("asked_at"):
        print(each.title, each.state, each.attempts, each.snapshot)
    print(Snapshot.objects.count())


if __name__ == "__main__":
    django.setup()
    globals()[sys.argv[1]](sys.argv[2])
