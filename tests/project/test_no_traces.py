"""The project speaks of itself alone and asks nothing of the network."""

import re
import subprocess
from pathlib import Path

import pytest

import taama

ROOT = Path(taama.__file__).parent.parent
BINARY = {".ttf", ".woff2", ".png", ".xlsx", ".gpkg", ".zip", ".mo"}


def tracked():
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    return [
        ROOT / n for n in names.stdout.splitlines() if (ROOT / n).is_file() and Path(n).suffix not in BINARY
    ]


def hits(pattern, files):
    return [
        str(p.relative_to(ROOT)) for p in files if re.search(pattern, p.read_text("utf-8", errors="replace"))
    ]


def test_lock_files_hold_no_download_addresses():
    locks = [p for p in tracked() if p.name in ("package-lock.json",) or p.parent.name == "requirements"]
    assert len(locks) >= 6
    assert hits(r"https?://|--index-url|--find-links", [p for p in locks if p.suffix == ".txt"]) == []
    assert hits(r'"resolved"', [p for p in locks if p.name == "package-lock.json"]) == []


def test_every_requirement_is_pinned_with_a_hash():
    for path in (ROOT / "requirements").glob("*.txt"):
        blocks = re.split(r"\n(?=\S)", path.read_text("utf-8"))
        pinned = [b for b in blocks if re.match(r"[A-Za-z0-9]", b)]
        assert pinned and all("==" in b and "--hash=sha256:" in b for b in pinned), path.name


def test_pages_load_nothing_from_elsewhere():
    served = [p for p in tracked() if p.suffix in (".html", ".css", ".js") and "taama" in p.parts]
    assert hits(r"""(?:src|href|url\(|@import)\s*=?\s*["'(]?\s*(?:https?:)?//""", served) == []


def test_pages_need_no_javascript():
    templates = [p for p in tracked() if p.suffix == ".html" and "templates" in p.parts]
    assert hits(r"<script|\son\w+=|style=", templates) == []


def test_tests_cannot_reach_the_network():
    import socket

    with pytest.raises(AssertionError, match="wants the network"), socket.socket() as probe:
        probe.connect(("192.0.2.1", 80))
