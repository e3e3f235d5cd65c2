"""Reading a boundary file as it is: GeoPackage, Shapefile (also zipped), GeoJSON or CSV, without GeoDjango."""

import csv
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from taama.base.errors import TaamaError, Where
from taama.places.methods.boundaries import Feature, Finding

MAPS = (".gpkg", ".shp", ".geojson", ".json")
KINDS = (*MAPS, ".csv", ".zip")
LARGEST_UNZIPPED = 2_000_000_000
DEGREES = ("EPSG:4326", "OGC:CRS84")


class BoundaryFile:
    """The features of a file: their attributes as text, and their shapes in degrees (WGS 84)."""

    def __init__(self, path, layer="", level=None):
        self.path = Path(path)
        self.where = Where(file=self.path.name)
        self.notes = []
        self.headers, self.records, self.shapes = [], [], []
        if self.path.suffix.lower() not in KINDS:
            raise TaamaError("places.file_kind", self.where, {"kinds": [kind[1:] for kind in KINDS]})
        if not self.path.is_file():
            raise TaamaError("places.file_missing", self.where)
        self.first_row = 1
        source = self._inside_zip() if self.path.suffix.lower() == ".zip" else str(self.path)
        if source.lower().endswith(".csv"):
            self._read_table()
        else:
            self._read_map(source, layer, level)
        if not self.records:
            raise TaamaError("places.file_empty", self.where)

    def features(self, columns):
        """The features, read by the columns of the level. A table may hold shapes or positions as text."""
        return [self._feature(number, columns) for number in range(len(self.records))]

    def _feature(self, number, columns):
        record, shape = self.records[number], self.shapes[number]
        if shape is None and columns.geometry:
            shape = shapely.from_wkt(record[columns.geometry] or None, on_invalid="ignore")
        at = _position(record.get(columns.lat), record.get(columns.lon))
        code, name, parent = (
            record.get(header, "") for header in (columns.code, columns.name, columns.parent)
        )
        return Feature(number + self.first_row, code, name, parent, shape, at)

    def _inside_zip(self):
        """Path of the one map inside a zip, as the reader wants it."""
        try:
            with zipfile.ZipFile(self.path) as archive:
                members = archive.infolist()
        except zipfile.BadZipFile as error:
            raise TaamaError("places.file_unreadable", self.where) from error
        maps = [member.filename for member in members if member.filename.lower().endswith(MAPS)]
        if len(maps) != 1 or sum(member.file_size for member in members) > LARGEST_UNZIPPED:
            raise TaamaError("places.zip_needs_one_map", self.where, {"maps": maps or ["–"]})
        return f"/vsizip/{self.path.resolve()}/{maps[0]}"

    def _read_table(self):
        self.first_row = 2
        text = _decoded(self.path.read_bytes())
        first = text.partition("\n")[0]
        separator = max(",;\t|", key=first.count)
        lines = csv.DictReader(text.splitlines(), delimiter=separator)
        self.headers = [header for header in lines.fieldnames or [] if header]
        for record in lines:
            self.records.append({header: (record[header] or "").strip() for header in self.headers})
        self.shapes = [None] * len(self.records)

    def _read_map(self, source, layer, level):
        try:
            layer = self._layer(source, layer, level)
            meta, _, shapes, values = pyogrio.raw.read(source, layer=layer)
            if meta["crs"] and meta["crs"] not in DEGREES:
                meta, _, shapes, values = pyogrio.raw.read(_in_degrees(source, layer))
                self.notes.append(Finding(None, self.path.name, "places.reprojected"))
        except (DataSourceError, DataLayerError, ValueError) as error:
            raise TaamaError("places.file_unreadable", self.where) from error
        self.headers = list(meta["fields"])
        rows = zip(*values, strict=True) if values else []
        self.records = [dict(zip(self.headers, map(_text, row), strict=True)) for row in rows]
        blank = [None] * len(self.records)
        self.shapes = blank if shapes is None else list(shapely.from_wkb(shapes, on_invalid="ignore"))
        if not meta["crs"]:
            self._without_crs()

    def _layer(self, source, layer, level):
        names = [str(name) for name, _ in pyogrio.list_layers(source)]
        if layer and layer not in names:
            raise TaamaError("places.layer_unknown", self.where, {"layer": layer, "layers": names})
        of_level = [
            name
            for name in names
            if level is not None and f"adm{level}" in name.lower().replace("admin", "adm")
        ]
        chosen = [layer] if layer else names if len(names) == 1 else of_level
        if len(chosen) != 1:
            raise TaamaError("places.layer_needed", self.where, {"layers": names})
        return chosen[0]

    def _without_crs(self):
        """A file that does not say how it measures is taken for degrees only if that is possible."""
        drawn = [shape for shape in self.shapes if shape is not None and not shapely.is_empty(shape)]
        west, south, east, north = shapely.total_bounds(drawn) if drawn else (0, 0, 0, 0)
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise TaamaError("places.projection_missing", self.where)
        self.notes.append(Finding(None, self.path.name, "places.projection_assumed"))


def _in_degrees(source, layer):
    """A description, for the reader, of the layer warped to degrees: no projection library is needed beside it."""
    return (
        "<OGRVRTDataSource><OGRVRTWarpedLayer>"
        f"<OGRVRTLayer name={quoteattr(layer)}><SrcDataSource>{escape(source)}</SrcDataSource>"
        f"<SrcLayer>{escape(layer)}</SrcLayer></OGRVRTLayer>"
        "<TargetSRS>EPSG:4326</TargetSRS></OGRVRTWarpedLayer></OGRVRTDataSource>"
    )


def _decoded(raw):
    """Text of a table: UTF-8, or what spreadsheets on Windows write."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _text(value):
    if value is None or value != value:  # a missing number is not equal to itself
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _position(lat, lon):
    try:
        lat, lon = float(str(lat).replace(",", ".")), float(str(lon).replace(",", "."))
    except ValueError:
        return None
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None
