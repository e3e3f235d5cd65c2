"""Each refused request is one plain line: event, method, status and route, at its level; never an address or a token."""

import json
import logging

import pytest

from taama.base.logs import JsonFormatter, only_faults

TOKEN = "Marque-7731-token"


@pytest.fixture
def lines(db):
    """What the log holds, as it is written."""
    written, formatter = [], JsonFormatter()

    class Keeping(logging.Handler):
        def emit(self, record):
            written.append(json.loads(formatter.format(record)))

    handler, root = Keeping(), logging.getLogger()
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


@pytest.mark.parametrize(
    ("method", "path", "status", "event", "level", "route"),
    [
        ("get", f"/nowhere/{TOKEN}", 404, "not found", "INFO", ""),
        ("get", f"/figure/{TOKEN}", 404, "not found", "INFO", None),
        ("post", f"/key/{TOKEN}/submission", 403, "refused", "WARNING", "key/<str:token>/submission"),
        ("get", f"/key/{TOKEN}/formList", 403, "refused", "WARNING", "key/<str:token>/formList"),
        ("get", f"/draft/{TOKEN}/formList", 404, None, None, None),
        ("put", "/health", 200, None, None, None),
        ("post", f"/in/{TOKEN}", 404, "not found", "INFO", "in/<str:language>"),
    ],
)
def test_a_refused_request_is_one_plain_line(client, lines, method, path, status, event, level, route):
    answer = getattr(client, method)(path, headers={"X-OpenRosa-Version": "1.0"})
    told = [line for line in lines if line["logger"] in ("taama.requests", "django.request")]
    assert TOKEN not in json.dumps(lines) and ".py:" not in json.dumps([line["event"] for line in told])
    if event is None:
        return
    assert answer.status_code == status
    (line,) = told
    assert (line["event"], line["level"], line["status"], line["method"]) == (
        event,
        level,
        status,
        method.upper(),
    )
    assert route is None or line["route"] == route


def test_a_fault_of_ours_is_an_error_with_its_stack_but_without_values(client, lines, monkeypatch):
    from taama.publish.views import keeping

    def broken(*_):
        raise RuntimeError(TOKEN)

    monkeypatch.setattr(keeping, "page_snapshot", broken)
    client.raise_request_exception = False
    assert client.get("/").status_code == 500
    told = {line["event"]: line for line in lines}
    assert told["server fault"]["level"] == told["unforeseen exception"]["level"] == "ERROR"
    assert told["unforeseen exception"]["error"] == "RuntimeError" and told["unforeseen exception"]["stack"]
    assert TOKEN not in json.dumps(lines)


def test_of_the_log_a_command_shows_faults_only(monkeypatch, capsys):
    shown = logging.StreamHandler()
    monkeypatch.setattr(logging.getLogger(), "handlers", [shown])
    only_faults()
    logging.getLogger("taama.collect").warning("submission not read")
    logging.getLogger("taama.collect").error("task failed")
    assert capsys.readouterr().err == "task failed\n"
