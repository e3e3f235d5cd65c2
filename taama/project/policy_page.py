"""docs/policy.md, made of the rules that actions and queries declare: `python -m taama.project.policy_page`."""

import pkgutil
import sys
from importlib import import_module
from pathlib import Path

from taama.base.policy import RULES

FILE = Path(__file__).resolve().parents[2] / "docs" / "policy.md"
ROOMS = ("actions", "queries")
BEGIN = """# Who may do and know what

Made by `python -m taama.project.policy_page` from the rules that actions and queries declare; not written by hand. What no rule allows is denied.

A viewer passes when one of these names applies: `anyone`, also without an account; `signed_in`, any account; `device`, a phone; `system`, the worker and the command line on the server itself; or a role of a membership in force: {roles}.

A role may hold for an area only. In `collect` it then reaches what lies wholly in that area, in every version of the division: submissions by the area that they speak of, or by their phone's as long as that is not known; what was put aside and phones by the phone's area. Everything else is not in its lists and counts, and not found by its key. What is marked *for the whole country* does not open for a role of one area.
"""


def text(apps):
    """The page. `apps`: names of the apps, in the order in which they are listed."""
    load(apps)
    return "\n".join([BEGIN.format(roles=roles()), *filter(None, map(section, apps))])


def load(apps):
    """Import every room that declares rules."""
    for app in apps:
        package = import_module(f"taama.{app}")
        for module in pkgutil.walk_packages(package.__path__, f"taama.{app}."):
            if module.name.split(".")[2] in ROOMS:
                import_module(module.name)


def roles():
    from taama.base.models import Role  # noqa: PLC0415  once the apps are loaded

    return ", ".join(f"`{role.value}`" for role in Role)


def section(app):
    """An app's doors; nothing where it has none."""
    lines = []
    for title, kind in (("To do", "action"), ("To know", "query")):
        found = sorted((r for r in RULES.values() if (r.module, r.kind) == (app, kind)), key=lambda r: r.code)
        if found:
            lines += ["", f"| {title} | what it is | who |", "|---|---|---|", *map(line, found)]
    return "\n".join([f"## {app}", *lines, ""]) if lines else ""


def line(rule):
    summary = rule.summary.replace("|", "\\|")
    where = ", for the whole country" if rule.everywhere else ""
    return f"| `{rule.code}` | {summary} | {', '.join(sorted(rule.allow))}{where} |"


def main():
    import django  # noqa: PLC0415  only when run by hand

    django.setup()
    from django.conf import settings  # noqa: PLC0415  only after the settings are known

    FILE.write_text(text(settings.TAAMA_APPS), "utf-8")
    sys.stdout.write(f"{FILE}\n")


if __name__ == "__main__":
    main()
