"""Loading the data folder of a country. Loading it again changes only what changed in the folder."""

import csv
import json
import tomllib
from datetime import date
from pathlib import Path

from taama.base.doors import Done, action
from taama.base.errors import TaamaError, Where
from taama.base.models import JournalEntry
from taama.base.policy import SYSTEM
from taama.places.actions.keeping import Comparison
from taama.places.models import Area, AreaVersion, Lineage, Locality, Point, PopulationFigure, Site
from taama.places.queries import DATA

ENTERED = "places.add_places"


@action("places.load_country", allow=("administrator", SYSTEM))
def load_country(*, by, folder, simulated=False):
    """Load the areas, lineage, outlines, points and population of a country's data folder.

    folder     name of a folder of the project (`mali`), or the path of another
    simulated  also load the invented localities and sites of the demonstration
    Returns    Loaded: name of a table → (rows, created, changed)
    """
    loader = _Loader(DATA / folder if (DATA / str(folder)).is_dir() else Path(folder))
    loader.load_areas()
    loader.load_lineage()
    loader.load_population()
    loader.load_points()
    if simulated:
        loader.load_simulated()
    return Done(loader.summary, loader.changed)


class Loaded(dict):
    """Name of a table → (rows, created, changed). `kept`: (place as the office entered it, its name in the folder)."""

    def __init__(self):
        self.kept = []


class _Loader:
    """One reading of a folder; keeps what later files refer to."""

    def __init__(self, folder):
        self.folder = folder
        if not (folder / "country.toml").exists():
            raise TaamaError("places.country_unknown", values={"name": folder.name})
        self.country = tomllib.loads((folder / "country.toml").read_text("utf-8"))
        self.summary, self.changed = Loaded(), []
        self.areas = {}

    def rows(self, name):
        """Rows of a list of the folder with their line; none when the country has no such list."""
        path = self.folder / name
        if not path.exists():
            return
        with path.open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines), start=2):
                yield Where(file=name, row=number), row

    def refer(self, known, value, where, column):
        """What a value of a list refers to; a reference to nothing stops the load."""
        if value not in known:
            raise TaamaError(
                "places.reference_unknown", Where(where.file, row=where.row, column=column), {"value": value}
            )
        return known[value]

    def source(self, value, where):
        return self.refer(self.country["sources"], value, where, "source")

    def keep(self, model, names, wanted):
        found = Comparison(model, names, wanted)
        found.write()
        total, new, other = self.summary.get(model.__name__, (0, 0, 0))
        self.summary[model.__name__] = (
            total + len(found.records), new + len(found.created), other + len(found.changed),
        )  # fmt: skip
        self.changed += found.created + found.changed
        return found.records

    def keep_places(self, model, wanted):
        """Places, but none that the office entered or corrected itself: the folder knows less of it."""
        entered = JournalEntry.objects.filter(action=ENTERED, object_type=model._meta.label_lower)
        own = model.objects.in_bulk(entered.values_list("object_id", flat=True))
        own = {place.code: place for place in own.values()}
        for fields in wanted:
            place = own.get(fields["code"])
            if place and any(getattr(place, name) != value for name, value in fields.items()):
                self.summary.kept.append((place, fields["name"]))
        return own | self.keep(model, "code", [fields for fields in wanted if fields["code"] not in own])

    def load_areas(self):
        head = Where(file="country.toml")
        wanted = [
            {
                "country": self.country["iso3"], "code": each["code"], "label": each["label"],
                "label_en": each["label_en"], "valid_from": each["valid_from"],
                "source": self.source(each["source"], head),
            }
            | {name: each[name] for name in ("valid_to",) if name in each}  # a later version may have ended it
            for each in self.country["versions"]
        ]  # fmt: skip
        seats = {row["seat"]: row for _, row in self.rows("seats.csv")}
        variants = self.variants()
        outlines = self.outlines()
        self.official = set(
            Area.objects.exclude(
                outline_source__in=("", self.country["sources"]["natural_earth"])
            ).values_list("key", flat=True)
        )
        for code, version in self.keep(AreaVersion, "code", wanted).items():
            for level in range(5):  # parents before their parts
                areas = list(self.areas_of(version, level, seats, variants, outlines.get(code, {})))
                self.areas |= self.keep(Area, "key", areas) if areas else {}

    def areas_of(self, version, level, seats, variants, outlines):
        for where, row in self.rows(f"areas_{version.code}.csv"):
            if int(row["level"]) != level:
                continue
            stem = row["code"] or row["slug"]
            parent = row["parent"] and self.refer(
                self.areas, f"{row['parent']}@{version.code}", where, "parent"
            )
            seat = self.refer(seats, row["seat"], where, "seat")
            fields = {
                "version_id": version.pk, "key": f"{stem}@{version.code}", "code": row["code"], "level": level,
                "name": row["name"], "names_other": variants.get(row["name"], []),
                "parent_id": parent.pk if parent else None, "seat": row["seat"], "lat": float(seat["lat"]),
                "lon": float(seat["lon"]),
            }  # fmt: skip
            if (
                stem in outlines and fields["key"] not in self.official
            ):  # an imported outline is the better one
                fields |= {
                    "outline": outlines[stem],
                    "outline_source": self.country["sources"]["natural_earth"],
                }
            yield fields

    def variants(self):
        """Name → its other spellings."""
        found = {}
        for _, row in self.rows("variants.csv"):
            found.setdefault(row["name"], []).append(row["variant"])
        return found

    def outlines(self):
        """Version → code of an area → its outline as GeoJSON text."""
        path = self.folder / "outlines.geojson"
        if not path.exists():
            return {}
        features = json.loads(path.read_text("utf-8"))["features"]
        texts = {f["properties"]["code"]: json.dumps(f["geometry"], separators=(",", ":")) for f in features}
        return {self.country["outlines_of"]: texts}

    def load_lineage(self):
        wanted = []
        for where, row in self.rows("lineage.csv"):
            before = self.refer(self.areas, row["before"], where, "before")
            after = self.refer(self.areas, row["after"], where, "after")
            source = self.source(row["source"], where)
            wanted.append(
                {"before_id": before.pk, "after_id": after.pk, "kind": row["kind"], "source": source}
            )
        self.keep(Lineage, ("before_id", "after_id"), wanted)

    def load_population(self):
        wanted = []
        for where, row in self.rows("population.csv"):
            wanted.append({
                "area_id": self.refer(self.areas, row["area"], where, "area").pk,
                "as_of": date.fromisoformat(row["as_of"]), "people": int(row["people"]),
                "source": self.source(row["source"], where),
            })  # fmt: skip
        self.keep(PopulationFigure, ("area_id", "as_of", "source"), wanted)

    def load_points(self):
        wanted = []
        for where, row in self.rows("points.csv"):
            closed = date.fromisoformat(row["closed"]) if row["closed"] else None
            source = self.source(row["source"], where)
            more = {"directions": row["directions"].split(), "closed": closed, "source": source}
            wanted.append(self.place(where, row) | more)
        self.keep_places(Point, wanted)

    def load_simulated(self):
        """Invented places, marked so: a deployment without the demonstration never has them."""
        invented = {"simulated": True, "source": self.country["sources"]["simulated"]}
        found = self.rows("localities_simulated.csv")
        villages = self.keep_places(Locality, [self.place(where, row) | invented for where, row in found])
        wanted = []
        for where, row in self.rows("sites_simulated.csv"):
            locality = self.refer(villages, row["locality"], where, "locality")
            wanted.append(self.place(where, row) | invented | {"locality_id": locality.pk})
        self.keep_places(Site, wanted)

    def place(self, where, row):
        return {
            "code": row["code"], "name": row["name"], "kind": row["kind"], "lat": float(row["lat"]),
            "lon": float(row["lon"]), "area_id": self.refer(self.areas, row["area"], where, "area").pk,
        }  # fmt: skip
