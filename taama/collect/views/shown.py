"""What all pages of collect share: the tabs that a viewer may open, 404 for what is not theirs, names of areas."""

from django.shortcuts import render

from taama.places import queries as places


def page(request, template, context):
    """A page with the tabs that this viewer may open."""
    return render(request, template, context | {"keeper": request.viewer.may("collect.quarantine")})


def area_names(viewer, keys):
    """Key of an area → its name, below a region with the region's: a region and its cercle often share one."""
    found = places.areas(viewer).filter(key__in=set(keys))
    return {a.key: f"{a.parent.name} › {a.name}" if a.level > 1 else a.name for a in found}
