"""Answers as the instance that ODK Collect would send, question by question, for our two forms."""

from lxml import etree

VERSION = "2026.1"


def node(parent, name, value=None):
    child = etree.SubElement(parent, name)
    if value not in (None, ""):
        child.text = str(value)
    return child


def group(parent, name, values):
    element = node(parent, name)
    for key, value in values.items():
        node(element, key, value)
    return element


def seal(root, identifier):
    node(node(root, "meta"), "instanceID", identifier)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def assessment_xml(identifier, answers):
    """One location assessment. Keys of `answers`: see `Simulation._visit`."""
    root = etree.Element("data", id="location_assessment", version=VERSION)
    day = answers["date"].isoformat()
    node(root, "started", f"{day}T09:10:00.000Z")
    node(root, "ended", f"{day}T09:41:00.000Z")
    place = answers["place"]
    group(root, "place", {
        "date": day, "round": answers["round"], "region": place.region, "cercle": place.cercle, "listed": "yes",
        "locality": place.code,
    })  # fmt: skip
    previous = answers["previous"]
    node(root, "previous_people", previous[0] if previous else "")
    node(root, "previous_date", previous[1].isoformat() if previous else "")
    if not answers["reached"]:
        group(root, "visit", {"reached": "no", "reason_not_reached": answers["reason_not_reached"]})
        return seal(root, identifier)
    _reached(root, answers, previous)
    return seal(root, identifier)


def _reached(root, answers, previous):
    informants = answers["informants"]
    group(root, "visit", {
        "reached": "yes", "mode": answers["mode"], "position": answers["position"], "informants_count": len(informants),
    })  # fmt: skip
    for one in informants:
        group(root, "informants", {
            "role": one["role"], "sex": one["sex"], "said_people": one["people"], "sureness": one["sureness"],
        })  # fmt: skip
    people, households = answers["people"], answers["households"]
    group(root, "idp", {"idp_people": people, "idp_households": households if people else ""})
    _change(root, people, previous)
    if people:
        group(root, "sex_age", {"sex_age_known": "all"} | answers["sex_age"])
        reasons = {f"reason_{name}": n for name, n in answers["reasons"].items()}
        group(root, "reasons", reasons | {"origin_region": answers["origin"]})
        group(root, "arrivals", {f"arrived_{name}": n for name, n in answers["arrivals"].items()})
        group(root, "shelters", {f"shelter_{name}": n for name, n in answers["shelters"].items()})
    _returns(root, answers["returned"])
    said = dict(
        zip(("agrees_observation", "agrees_lists", "agrees_sources"), answers["agreement"], strict=True)
    )
    group(root, "agreement", said)


def _change(root, people, previous):
    """Enumerators explain a large difference; one in five forgets, on a phone that lets them."""
    if previous is None:
        return
    difference = people - previous[0]
    large = abs(difference) > 500 or (abs(difference) >= 50 and abs(difference) > 0.3 * previous[0])
    values = {"arrived": max(0, difference), "departed": max(0, -difference)}
    if large and people % 5:
        values |= {
            "change_cause": "arrivals" if difference > 0 else "moved_on",
            "change_comment": "Simulation",
        }
    group(root, "change", values)


def _returns(root, returned):
    if returned is None:
        group(root, "returns", {"returnee_people": 0})
        return
    total = returned["returned_idp"] + returned["repatriate"]
    values = {"returnee_people": total + returned.get("undivided_excess", 0)}
    if total:
        values |= {
            "returnee_households": max(1, total // 5), "returnee_divided": "yes",
            "returned_idp_people": returned["returned_idp"], "returned_idp_households": returned["returned_idp"] // 5,
            "repatriate_people": returned["repatriate"],
            "repatriate_households": max(1, total // 5) - returned["returned_idp"] // 5,
            "repatriate_country": "MRT" if returned["repatriate"] else "", "returnee_sex_age_known": "no",
        }  # fmt: skip
    group(root, "returns", values)


def flow_xml(identifier, answers):
    """One day of a flow monitoring point. Keys of `answers`: see `Simulation._observe_one`."""
    root = etree.Element("data", id="flow_registry", version=VERSION)
    day = answers["date"].isoformat()
    node(root, "started", f"{day}T06:00:00.000Z")
    node(root, "ended", f"{day}T18:00:00.000Z")
    observed = answers["status"] == "observed"
    group(root, "day", {
        "date": day, "point": answers["point"], "status": answers["status"],
        "hours_observed": answers["hours"] if observed else "", "staff": answers["staff"] if observed else "",
    })  # fmt: skip
    if observed:
        for one in answers["groups"]:
            members = {who: one[who] for who in ("direction", "men", "women", "boys", "girls")}
            group(root, "groups", members | {
                "nationality": one["nationality"], "came_from": one["came_from"],
                "destination_country": one["destination"], "transport": one["transport"], "motive": one["motive"],
                "seen_by": one["seen_by"],
            })  # fmt: skip
        group(root, "totals", answers["totals"] | {"people": answers["people"]})
    return seal(root, identifier)
