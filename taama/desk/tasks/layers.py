"""A GeoPackage: a layer for each table, on the map where its first position lies; another for each further one."""

import polars as pl
import pyarrow as pa
import pyogrio
import shapely

from taama.desk.methods.flat import POINT, SHAPE

WORLD = "EPSG:4326"
GEOMETRY = "geom"
KINDS = {POINT: "Point Z", SHAPE: "Unknown"}  # a trace may have one point only


def write_layers(draft, selection, names, tables, codebook):
    """Write the GeoPackage.

    tables    for each table a function that gives its frames, part by part
    codebook  frames: questions, choices
    Yields    after each part
    """
    draft.unlink(missing_ok=True)
    words, layers = selection.words, set()
    for (_, fields), name, frames in zip(selection.tables, names, tables, strict=True):
        geo = (f.question for f in fields if f.question and f.question.kind in (POINT, SHAPE))
        placed = list({question.path: question for question in geo}.values())
        for frame in frames():
            first = (_geometry(frame, fields, placed[0]), KINDS[placed[0].kind]) if placed else (None,)
            _append(draft, layers, name, frame, *first)
            for other in placed[1:]:
                own = [f.name for f in fields if f.question is other]
                layer = f"{name} {other.path.rpartition('/')[2]}"
                told = frame.select(frame.columns[0], *own)
                _append(draft, layers, layer, told, _geometry(frame, fields, other), KINDS[other.kind])
            yield
    for name, frame in zip((words["#questions"], words["#choices"]), codebook, strict=True):
        _append(draft, layers, name, frame, None)


def _geometry(frame, fields, question):
    """Well-known binary of one position in each row, None where there is none."""
    own = [frame[field.name] for field in fields if field.question is question]
    if question.kind == SHAPE:
        return shapely.to_wkb(shapely.from_wkt(own[0].to_list()), flavor="iso")
    latitude, longitude, altitude, _accuracy = own
    points = shapely.points(pl.DataFrame([longitude, latitude, altitude.fill_null(0.0)]).to_numpy())
    points[(longitude.is_null() | latitude.is_null()).to_numpy()] = None
    return shapely.to_wkb(points, flavor="iso")


def _append(path, layers, layer, frame, geometry, kind="Unknown"):
    """More rows of a layer. `layers`: names of those that were begun; `kind` of the geometry."""
    table = frame.to_arrow()
    table = table.cast(pa.schema([f.with_type(_plain(f.type)) for f in table.schema]))
    told = {"layer": layer, "driver": "GPKG", "append": layer in layers}
    if geometry is not None:
        table = table.append_column(GEOMETRY, pa.array(geometry, pa.binary()))
        told |= {"geometry_name": GEOMETRY, "geometry_type": kind, "crs": WORLD}
    pyogrio.write_arrow(table, path, **told)
    layers.add(layer)


def _plain(kind):
    """Types that the driver knows."""
    return pa.string() if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) else kind
