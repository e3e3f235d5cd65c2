"""Lists of choices: each named, each choice once, each list used and each question's list there."""

import re

from taama.xlsforms.methods.edits import AddRow, DropRow, Fill, Repair, Write
from taama.xlsforms.methods.form import YES, clean, language_key
from taama.xlsforms.methods.words import FILE_ENDINGS, folded, make_name, same_but

DATE = re.compile(r"\d{4}-\d\d-\d\d( 00:00:00)?")


def find(form):
    """Faults of the sheet of choices and of what the questions want of it."""
    yield from _wanted(form)
    yield from _spaced_lists(form)
    yield from _choices(form)
    yield from _twice(form)
    yield from _unused(form)
    yield from _spaces_in_values(form)


def _choosing(form):
    return [item for item in form.items if item.type and item.type.chooses]


def _wanted(form):
    for item in _choosing(form):
        wanted = item.type.list
        if item.type.from_file:
            yield from _file(form, item)
        elif "${" in wanted or wanted.endswith(FILE_ENDINGS):
            continue
        elif item.kind == "select_one_external":
            if wanted not in {choice.list for choice in form.external_choices}:
                values = {"value": wanted, "sheet": "external_choices"}
                yield form.fault("xlsforms.list_unknown", "survey", item.row, "type", values=values)
        elif wanted not in form.lists:
            yield _unknown_list(form, item)


def _unknown_list(form, item):
    wanted, code = item.type.list, "xlsforms.list_unknown"
    if not form.lists:
        return form.fault("xlsforms.no_choices", "survey", item.row, "type", values={"value": wanted})
    certain = same_but(wanted, form.lists_alike)
    meant = [certain] if certain else form.near(wanted, form.lists)[:3]
    repairs = [
        form.rewrite(code, "survey", item.row, "type", _with_list(item, name), certain=bool(certain))
        for name in meant
        if " " not in name
    ] + _yes_and_no(form, wanted, code)
    values = {"value": wanted, "sheet": "choices"}
    return form.fault(code, "survey", item.row, "type", values=values, repairs=repairs)


def _yes_and_no(form, wanted, code):
    """The list that everybody knows, where its name says what it holds."""
    if folded(wanted) not in ("yes_no", "yesno", "yn", "oui_non", "ouinon", "no_yes", "on"):
        return []
    lists, names = form.column("choices", "list_name"), form.column("choices", "name")
    if lists is None or names is None:
        return []
    edits = []
    for name, french, english in (("yes", "Oui", "Yes"), ("no", "Non", "No")):
        labels = tuple(
            (i, english if language_key(h.language).startswith("en") else french)
            for i, h in form.columns("choices", "label")
        )
        edits.append(AddRow("choices", ((lists, wanted), (names, name), *labels), code))
    return [Repair(False, tuple(edits), "yes, no")]


def _with_list(item, name):
    command = (
        item.written.removesuffix(" or_other").removesuffix(" or other").removesuffix(" or specify other")
    )
    command = command.removesuffix(item.type.list).strip()
    return f"{command} {name}{' or_other' if item.type.or_other else ''}"


def _file(form, item):
    if item.type.list.endswith(FILE_ENDINGS):
        return
    code, wanted = "xlsforms.file_without_ending", item.type.list
    repairs = [form.rewrite(code, "survey", item.row, "type", f"{item.kind} {wanted}.csv", certain=False)]
    yield form.fault(code, "survey", item.row, "type", values={"value": wanted}, repairs=repairs)


def _spaced_lists(form):
    """Lists whose name holds a space: no question can ask for them."""
    code, index = "xlsforms.list_name_spaced", form.column("choices", "list_name")
    for name, choices in form.lists.items():
        joined = "_".join(name.split())
        if joined == name:
            continue
        rows = [form.row("choices", choice.row) for choice in choices]
        edits = tuple(Write("choices", row.number, index, row.cells[index], joined, code) for row in rows)
        repairs = [] if joined in form.lists else [Repair(True, edits, joined)]
        yield form.fault(code, "choices", choices[0].row, index, "warning", {"value": name}, repairs)


def _choices(form):
    """Choices without a name, a label or a list."""
    spoken = form.columns("choices", "label", "image", "audio", "video")
    used = {item.type.list for item in _choosing(form)}
    for choice in form.choices:
        shown = any(choice.cells[i].strip() for i, _ in spoken)
        if not choice.name:
            yield from _nameless(form, choice, spoken)
        elif not shown and spoken and choice.list in used:
            index = spoken[0][0]
            repair = form.rewrite(
                "xlsforms.choice_unlabelled", "choices", choice.row, index, choice.name, certain=False
            )
            values = {"value": choice.name, "list": choice.list}
            yield form.fault(
                "xlsforms.choice_unlabelled", "choices", choice.row, index, "warning", values, [repair]
            )
        if choice.name and DATE.fullmatch(choice.name):
            yield form.fault(
                "xlsforms.choice_date", "choices", choice.row, "name", "warning", {"value": choice.name}
            )
    yield from _listless(form)


def _nameless(form, choice, spoken):
    code = "xlsforms.choice_nameless"
    if not any(choice.cells[i].strip() for i, _ in spoken):
        row = form.row("choices", choice.row)
        alone = [cell for cell in row.cells if cell.strip()] == [
            cell for cell in row.cells if clean(cell) == choice.list
        ]
        repairs = [Repair(True, (DropRow("choices", choice.row, row.cells, code),))] if alone else []
        yield form.fault(code, "choices", choice.row, "name", values={"list": choice.list}, repairs=repairs)
        return
    label = next(clean(choice.cells[i]) for i, _ in spoken if choice.cells[i].strip())
    taken = {other.name for other in form.lists[choice.list]}
    name = make_name(label[:40], taken)
    name = label if label.isdigit() and label not in taken else name.lstrip("_")
    repair = form.rewrite(code, "choices", choice.row, "name", name, certain=False)
    yield form.fault(code, "choices", choice.row, "name", values={"list": choice.list}, repairs=[repair])


def _listless(form):
    """Choices that belong to no list; below one another they usually belong to the list above."""
    index, names = form.column("choices", "list_name"), form.column("choices", "name")
    if index is None or names is None:
        return
    above, code = "", "xlsforms.choice_without_list"
    for row in form.sheet("choices").rows:
        name = clean(row.cells[index])
        if name:
            above = name
        elif clean(row.cells[names]):
            repairs = (
                [form.rewrite(code, "choices", row.number, index, above, certain=False)] if above else []
            )
            values = {"value": clean(row.cells[names])}
            yield form.fault(code, "choices", row.number, index, "warning", values, repairs)


def _twice(form):
    """The same choice twice in a list: a copy can go; another meaning under the same name is the author's to settle."""
    allowed = form.setting("allow_choice_duplicates").lower() in YES
    filtered = _filtered_lists(form)
    for name, choices in form.lists.items():
        seen = {}
        for choice in choices:
            if not choice.name:
                continue
            first = seen.setdefault(choice.name, choice)
            if first is not choice:
                yield from _second(form, name, first, choice, allowed, name in filtered)


def _second(form, name, first, choice, allowed, filtered):
    values = {"value": choice.name, "list": name, "row": first.row}
    tidy = [tuple(clean(cell) for cell in each.cells) for each in (first, choice)]
    if tidy[0] == tidy[1]:
        code = "xlsforms.choice_repeated"
        repair = Repair(True, (DropRow("choices", choice.row, choice.cells, code),))
        level = "warning" if allowed else "error"
        yield form.fault(code, "choices", choice.row, "name", level, values, [repair])
    elif not allowed or not filtered:
        code, level = "xlsforms.choice_twice", "warning" if allowed else "error"
        allow = Repair(
            filtered,
            (Fill("settings", None, "allow_choice_duplicates", "yes", code),),
            "allow_choice_duplicates",
        )
        yield form.fault(code, "choices", choice.row, "name", level, values, [] if allowed else [allow])


def _filtered_lists(form):
    """Lists of which every question shows a part only: there the same name may stand for different places."""
    filtered, whole = set(), set()
    for item in _choosing(form):
        text = form.text("survey", form.rows[item.row], "choice_filter")
        (filtered if text else whole).add(item.type.list)
    return filtered - whole


def _unused(form):
    """Lists that no question shows, in one warning each."""
    used = {item.type.list for item in form.items if item.type and item.type.list}
    texts = [
        cell
        for name in ("survey", "settings", "entities")
        for row in form.sheet(name).rows
        for cell in row.cells
        if "instance(" in cell or "tick_labelset" in cell or "search(" in cell or "reference-geometry" in cell
    ]
    plain = {folded(name) for name in used}
    said = " ".join(texts)
    for name, choices in form.lists.items():
        if name in used or name in said or folded(name) in plain:
            continue
        values = {"value": name, "count": len(choices)}
        yield form.fault("xlsforms.list_unused", "choices", choices[0].row, "list_name", "warning", values)


def _spaces_in_values(form):
    """Choices with a space in their name where several may be chosen: the answers could not be told apart."""
    several = {item.type.list for item in _choosing(form) if item.kind in ("select_multiple", "rank")}
    spaced = [
        c
        for name in sorted(several)
        for c in form.lists.get(name, ())
        if " " in c.name and not DATE.fullmatch(c.name)
    ]
    if not spaced:
        return
    followers = _followers(form)
    for choice in spaced:
        yield _spaced_value(form, choice, followers.get(choice.name, ()))


def _spaced_value(form, choice, followers):
    code, index = "xlsforms.choice_spaced", form.column("choices", "name")
    after = "_".join(choice.name.split())
    edits = [Write("choices", choice.row, index, choice.cells[index], after, code)]
    for sheet, number, at in followers:
        text = form.row(sheet, number).cells[at]
        quoted = re.sub(rf"(['\"]){re.escape(choice.name)}\1", rf"\g<1>{after}\g<1>", text)
        edits.append(Write(sheet, number, at, text, quoted if sheet == "survey" else after, code))
    sole = sum(other.name == choice.name for other in form.lists[choice.list]) == 1
    taken = any(other.name == after for other in form.lists[choice.list])
    repairs = [] if taken else [Repair(sole and not followers, tuple(edits), after)]
    values = {"value": choice.name, "list": choice.list}
    return form.fault(code, "choices", choice.row, index, values=values, repairs=repairs)


def _followers(form):
    """Where choices are named elsewhere: expressions that compare with one, lists that are filtered by one.

    Returns  dict: name → [(sheet, row, index)]
    """
    fixed = {form.column("choices", "list_name"), form.column("choices", "name")}
    fixed |= {i for i, _ in form.columns("choices", "label", "image", "audio", "video")}
    places = {}
    for row in form.sheet("survey").rows:
        for index, cell in enumerate(row.cells):
            for _, text in set(re.findall(r"(['\"])([^'\"]* [^'\"]*)\1", cell)):
                places.setdefault(text, []).append(("survey", row.number, index))
    for row in form.sheet("choices").rows:
        for index, cell in enumerate(row.cells):
            if index not in fixed and " " in cell:
                places.setdefault(clean(cell), []).append(("choices", row.number, index))
    return places
