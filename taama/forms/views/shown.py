"""How forms, faults and repairs are put into words for a page."""

from taama.base.messages import message
from taama.base.requests import language_now
from taama.facts import registry
from taama.forms import queries
from taama.xlsforms.methods.personal import CLASSES, NO

MOST_FAULTS, MOST_CHANGES = 300, 500


def told_report(report, chosen=()):
    """What a reader sees of a report: faults by sheet with their sentences, changes, choices not shown."""
    faults = [*report.get("faults", ()), *report.get("converted", ())]
    shown = sorted(faults, key=_urgency)[:MOST_FAULTS] if len(faults) > MOST_FAULTS else faults
    changes = report.get("changes", ())
    keys = {option["key"] for entry in shown for option in entry["options"]}
    sheets = _by_sheet(shown)
    return counts(report) | {
        "sheets": sheets, "open": _open(sheets), "more_faults": len(faults) - len(shown),
        "changes": [_told_change(change, faults) for change in changes[:MOST_CHANGES]],
        "more_changes": max(0, len(changes) - MOST_CHANGES), "change_count": len(changes),
        "offered": any(row["entry"]["options"] for rows in _open(sheets).values() for row in rows),
        "hidden": [key for key in chosen if key not in keys],
    }  # fmt: skip


def counts(report):
    """How many errors and doubts are left, and how many faults are mended."""
    faults = [*report.get("faults", ()), *report.get("converted", ())]
    left = [entry["level"] for entry in faults if entry["left"]]
    errors = left.count("error")
    return {"errors": errors, "doubts": len(left) - errors, "mended": len(faults) - len(left)}


def _open(sheets):
    """Faults by sheet, without those that are surely mended: the changes tell of them."""
    kept = {
        sheet: [row for row in rows if not _surely_mended(row["entry"])] for sheet, rows in sheets.items()
    }
    return {sheet: rows for sheet, rows in kept.items() if rows}


def _surely_mended(entry):
    return not entry["left"] and all(option["certain"] for option in entry["options"])


def likely(draft):
    """Keys of the first repair offered for each error that is left, with those that were chosen before."""
    faults = draft.report.get("faults", ())
    offered = (e["options"][0]["key"] for e in faults if e["left"] and e["level"] == "error" and e["options"])
    return {*draft.chosen, *offered}


def _urgency(entry):
    return (not entry["left"], entry["level"] != "error")


def _by_sheet(entries):
    sheets = {}
    for number, entry in enumerate(entries):
        text = message(entry["code"], language_now(), entry["values"])
        row = {"entry": entry, "text": text, "number": number, "status": _status(entry)}
        sheets.setdefault(entry["sheet"], []).append(row)
    return sheets


def _status(entry):
    if entry["left"]:
        return "error" if entry["level"] == "error" else "doubt"
    return "mended"


def _told_change(change, faults):
    """A change with the reason for it, where the fault stands in the same row."""
    alike = [entry for entry in faults if entry["code"] == change["why"]]
    near = [entry for entry in alike if (entry["sheet"], entry["row"]) == (change["sheet"], change["row"])]
    why = next(iter(near or alike), None)
    concerns = change.get("concerns")
    return change | {
        "told": message(why["code"], language_now(), why["values"]).cause if why else "",
        "concerns": concerns and message(f"xlsforms.concerns_{concerns}", language_now()).cause,
    }


def tool_name(code):
    """What people call a tool; its code where it is not known here."""
    tool = registry.tool(code) if code in registry.tool_codes() else None
    return tool and getattr(tool, language_now()) or code


def levels():
    """[(class, its words)] from public to critical."""
    return [(one, message(f"forms.class_{one}", language_now()).cause) for one in CLASSES]


def told_personal(viewer, draft):
    """Questions of a draft that seem personal or have a class: rows with what a page shows and offers."""
    words = dict(levels()) | {NO: message("forms.class_no", language_now()).cause}
    return [
        {
            "question": one, "row": row, "given": words.get(one.given, ""), "offered": words.get(one.offered, ""),
            "why": one.reason and message(f"forms.personal_{one.reason}", language_now()).cause,
            "choices": [(key, words[key]) for key in ("S4", "S3", "S2", "S1", NO) if key != "S4" or one.offered == "S4"],
        }
        for row, one in (queries.personal(viewer, draft, language_now()) if draft.xform else ())
    ]  # fmt: skip
