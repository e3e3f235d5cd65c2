"""Distances, positions and outlines on the earth. Coordinates are WGS 84, in degrees; outlines are shapely shapes."""

from math import asin, cos, radians, sin, sqrt

import numpy as np
import shapely

from taama.base.errors import MethodError

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG


def distance_km(lat_1, lon_1, lat_2, lon_2):
    """Great-circle distance between two positions.

    lat, lon   degrees, WGS 84
    Returns    km, on a sphere: within 0.6 % of the distance on the ellipsoid
    Source     haversine formula; mean radius of the earth after IUGG

    >>> round(distance_km(12.64, -8.00, 16.27, -0.04))
    947
    """
    phi_1, phi_2 = radians(lat_1), radians(lat_2)
    half_lat, half_lon = (phi_2 - phi_1) / 2, radians(lon_2 - lon_1) / 2
    chord = sin(half_lat) ** 2 + cos(phi_1) * cos(phi_2) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, chord)))


def contains(outline, lat, lon):
    """Whether a position lies inside an outline or on its border.

    >>> contains(shapely.box(-8, 12, -7, 13), 12.5, -7.5)
    True
    """
    return bool(shapely.intersects_xy(outline, lon, lat))


def area_km2(outline):
    """Area of an outline on the sphere, through an equal-area cylinder.

    >>> round(area_km2(shapely.box(0, 0, 1, 1)))
    12364
    """

    def on_cylinder(degrees):
        east = np.radians(degrees[:, 0]) * EARTH_RADIUS_KM
        return np.column_stack([east, np.sin(np.radians(degrees[:, 1])) * EARTH_RADIUS_KM])

    return float(shapely.area(shapely.transform(outline, on_cylinder)))


def simplify_shared(outlines, tolerance_degrees):
    """Outlines with fewer points whose common borders stay common: no gap and no overlap appears.

    outlines            [Polygon or MultiPolygon] of neighbouring areas that do not overlap
    tolerance_degrees   about the square root of the area of the details that may go
    Returns             list in the same order
    Raises              MethodError: a tolerance below zero, outlines that overlap
    Source              Visvalingam and Whyatt 1993, on coverages, by GEOS
    """
    if tolerance_degrees < 0:
        raise MethodError("places.tolerance_negative", values={"tolerance": tolerance_degrees})
    outlines = list(outlines)
    if not shapely.coverage_is_valid(outlines):
        raise MethodError("places.outlines_overlap")
    return list(shapely.coverage_simplify(outlines, tolerance_degrees))
