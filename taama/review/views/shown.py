"""What pages of review share: rows of lists, names of places and areas, maps."""

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from taama.collect import queries as collect
from taama.figures.draw import Outline
from taama.figures.draw.land import inside, outlines_of
from taama.places import queries as places
from taama.review.methods.cutoffs import cut
from taama.review.methods.spots import Spot, spot_map
from taama.review.models import Review
from taama.review.queries import reviewing


def place_names(viewer, codes):
    """Code of a locality, a site or a point → its name."""
    codes = {code for code in codes if code}
    known = (places.localities(viewer), places.sites(viewer), places.points(viewer)) if codes else ()
    return {
        code: name
        for found in known
        for code, name in found.filter(code__in=codes).values_list("code", "name")
    }


def rows_of(viewer, submissions):
    """Rows of the list: each submission with what stands beside it."""
    counts = reviewing.finding_counts(viewer, [one.pk for one in submissions])
    read = [one.interview for one in submissions if hasattr(one, "interview")]
    named = place_names(viewer, {one.place for one in read})
    areas = places.area_names(viewer, {one.area for one in submissions})
    return [_row(viewer, one, counts.get(one.pk, (0, 0)), named, areas) for one in submissions]


def _row(viewer, one, counts, named, areas):
    interview = getattr(one, "interview", None)
    return {
        "submission": one, "errors": counts[0], "doubts": counts[1], "interview": interview,
        "review": getattr(one, "review", None) or Review(submission=one), "area": areas.get(one.area, ""),
        "place": named.get(interview.place, "") if interview else "",
        "enumerator": interview.enumerator if interview and viewer.may("review.enumerators") else "",
    }  # fmt: skip


def names_of(viewer, submission):
    """What the head of a submission's page names."""
    return rows_of(viewer, [submission])[0] if submission else {}


def map_of(viewer, submission, outline, filled):
    """A small map of where it was filled in and of the place that it names; "" without a position.

    That the two lie far apart says how somebody works: it is marked for those who supervise.
    """
    interview = _located(viewer, submission, outline)
    if interview is None:
        return ""
    far = viewer.may("review.interviews") and (interview.away_km or 0) > cut("away_km", interview.day)
    spots = [Spot(interview.lat, interview.lon, "doubt" if far else "dot")]
    legend = {spots[0].shape: _("where it was filled in")}
    if place := _place(viewer, interview.place):
        spots.append(Spot(place.lat, place.lon, "place"))
        legend["place"] = place.name
    return drawn(spots, outlines_around(viewer, spots), _("Where it was filled in"), legend)


def _located(viewer, submission, outline):
    """Its interview, or None where that tells no position or this viewer must not see it."""
    interview = getattr(submission, "interview", None)
    asked = {q.path for q in outline.questions() if q.type == "geopoint"} if outline else set()
    seen = interview and interview.lat is not None and not asked & collect.hidden(viewer, submission)
    return interview if seen else None


def drawn(spots, outlines, title, legend):
    """A map for a page; "" where there is nothing to draw it on."""
    if not outlines:
        return ""
    made = spot_map(spots, outlines, title=title, description=title, legend=legend)
    return mark_safe(made)  # noqa: S308  made by figures.draw, which escapes what it is given


def _place(viewer, code):
    known = (places.localities(viewer), places.sites(viewer), places.points(viewer))
    found = (some.filter(code=code, lat__isnull=False).first() for some in known)
    return next((place for place in found if place), None)


def outlines_around(viewer, spots):
    """The smallest outlines that hold all the spots: a cercle, else regions, else the country."""
    for level in (2, 1):
        drawn = places.outlines(viewer, places.country(viewer).current, level)
        outlines = [_outline(one) for one in drawn]
        holding = [o for o in outlines if any(inside((s.lon, s.lat), o.rings) for s in spots)]
        if holding and all(any(inside((s.lon, s.lat), o.rings) for o in holding) for s in spots):
            return holding
        if level == 1:
            return outlines
    return []


def _outline(one) -> Outline:
    feature = {"geometry": one["geometry"], "properties": {"code": one["drawn"], "name": one["name"]}}
    return outlines_of({"features": [feature]})[0]


def places_told(viewer, codes):
    """Places by area: [(name of the area, [name of the place])], as somebody would drive to them."""
    known = (places.localities(viewer), places.sites(viewer), places.points(viewer)) if codes else ()
    found = [place for some in known for place in some.filter(code__in=codes)]
    names = places.area_names(viewer, {place.area.key for place in found})
    by_area = {}
    for place in sorted(found, key=lambda p: (names.get(p.area.key, ""), p.name)):
        by_area.setdefault(names.get(place.area.key, ""), []).append(place.name)
    return list(by_area.items())
