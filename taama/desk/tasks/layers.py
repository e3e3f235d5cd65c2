"""A GeoPackage: a layer for each table, on the map where its first position lies; another for each further one."""

import pyarrow as pa
import pyogrio
import shapely

from taama.desk.methods.flat import POINT, SHAPE

WORLD = "EPSG:4326"
GEOMETRY = "geom"


def write_layers(draft, selection, names, tables, codebook):
    """Write the GeoPackage.

    tables    for each table a function that gives its frames, part by part
    codebook  frames: questions, choices
    Yields    after each part
    """
    draft.unlink(missing_ok=True)
    words = selection.words
    for (_, fields), name, frames in zip(selection.tables, names, tables, strict=True):
        geo = (f.question for f in fields if f.question and f.question.kind in (POINT, SHAPE))
        placed = list({question.path: question for question in geo}.values())
        for frame in frames():
            _append(draft, name, frame, _geometry(frame, fields, placed[0]) if placed else None)
            for other in placed[1:]:
                own = [f.name for f in fields if f.question is other]
                layer = f"{name} {other.path.rpartition('/')[2]}"
                _append(draft, layer, frame.select(frame.columns[0], *own), _geometry(frame, fields, other))
            yield
    for name, frame in zip((words["#questions"], words["#choices"]), codebook, strict=True):
        _append(draft, name, frame, None)


def _geometry(frame, fields, question):
    """Well-known binary of one position in each row, None where there is none."""
    own = [frame[field.name] for field in fields if field.question is question]
    if question.kind == SHAPE:
        return shapely.to_wkb(shapely.from_wkt(own[0].to_list()), flavor="iso").tolist()
    latitude, longitude, altitude, _accuracy = (part.to_list() for part in own)
    return [_point(*place) for place in zip(longitude, latitude, altitude, strict=True)]


def _point(longitude, latitude, altitude):
    if longitude is None or latitude is None:
        return None
    return shapely.to_wkb(shapely.Point(longitude, latitude, altitude or 0.0), flavor="iso")


def _append(path, layer, frame, geometry):
    table = frame.to_arrow()
    table = table.cast(pa.schema([f.with_type(_plain(f.type)) for f in table.schema]))
    known = path.exists() and layer in {name for name, _ in pyogrio.list_layers(path)}
    told = {"layer": layer, "driver": "GPKG", "append": known}
    if geometry is not None:
        table = table.append_column(GEOMETRY, pa.array(geometry, pa.binary()))
        told |= {"geometry_name": GEOMETRY, "geometry_type": "Unknown", "crs": WORLD}
    pyogrio.write_arrow(table, path, **told)


def _plain(kind):
    """Types that the driver knows."""
    return pa.string() if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) else kind
