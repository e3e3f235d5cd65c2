"""Published rows before they become figures: communes added up to the areas we know, one value for one figure."""

WHOLE = 0.8  # share of the cercles of an area from which a table speaks for the area
LEVELS = (("cercle", "area"), ("region", "area"), ("country", "country"))


def merged(rows, chain):
    """One row for each series, group, place and date.

    A table of communes is added up to cercles, regions and the country, as far as it holds nearly all their cercles:
    the table of one region is no rival of a national figure. Where several publications give the same figure they
    become one row with all their sources; where they contradict each other the one published as such comes before a
    sum of communes, a later submission before an earlier one, and the others stand beside it.

    rows     dicts as `mobility.stock`
    chain    key of an area → dict of the country, region and cercle it lies in
    Returns  list of dicts; `submissions` lists the keys of those that say the same, `contradicts` {source, value} of
             the values not chosen, `lines` how many lines of the table a sum added up, `doubted` whether a check doubts one of them
    """
    finer = [
        row for row in rows if row["place"] not in chain or row["place"] not in chain[row["place"]].values()
    ]
    known = [row | {"summed": False} for row in rows if row["place"] in chain]
    spots = {}
    for row in [*known, *_sums(finer, chain)]:
        spots.setdefault((row["series"], row["group"], row["place"], row["date"]), []).append(row)
    return [_one(found) for found in spots.values()]


def _sums(rows, chain):
    """What the communes of one submission add up to; households only where every commune has them."""
    totals, cercles = {}, {}
    for row in rows:
        above = chain.get(row["area"], {})
        for level, kind in LEVELS:
            if above.get(level) is None or row["people"] is None:
                continue
            spot = (row["submission"], above[level], row["date"], row["group"])
            totals[spot] = _added(totals.get(spot), row, above[level], kind)
            cercles.setdefault(spot, set()).add(above.get("cercle"))
    of_area = _cercles(chain)
    return [
        total for spot, total in totals.items() if len(cercles[spot]) >= WHOLE * len(of_area.get(spot[1], ()))
    ]


def _added(total, row, place, kind):
    lines = row.get("lines") or 1
    if total is None:
        here = {"place": place, "area": place, "place_kind": kind}
        return row | here | {"summed": True, "line": None, "lines": lines}
    both = None in (total["households"], row["households"])
    households = None if both else total["households"] + row["households"]
    more = {
        "people": total["people"] + row["people"],
        "households": households,
        "lines": total["lines"] + lines,
        "doubted": total.get("doubted") or row.get("doubted"),
    }
    return total | more


def _cercles(chain):
    """Key of an area → the cercles in it, itself if it is one."""
    found = {}
    for above in chain.values():
        for level, _ in LEVELS:
            if above.get(level) and above.get("cercle"):
                found.setdefault(above[level], set()).add(above["cercle"])
    return found


def _one(rows):
    ordered = sorted(rows, key=lambda row: (not row["summed"], row["submission"]), reverse=True)
    chosen = ordered[0]
    same = [row for row in ordered if row["people"] == chosen["people"]]
    others = [row for row in ordered if row["people"] not in (None, chosen["people"])]
    sources = dict.fromkeys(row["source"] for row in same if row["source"])
    households = next((row["households"] for row in same if row["households"] is not None), None)
    contradicts = [{"source": row["source"] or "", "value": row["people"]} for row in others]
    return chosen | {
        "source": " ; ".join(sources), "submissions": sorted({row["submission"] for row in same}),
        "households": households, "contradicts": contradicts,
    }  # fmt: skip
