"""What a row of a fact means: contract tables. Django-free; the dataframe library is loaded on first use."""

from dataclasses import dataclass, field

from taama.base.errors import MethodError, Where
from taama.base.sensitivity import LAKE_LIMIT, S0, S1, Class

TYPES = ("string", "integer", "number", "boolean", "date", "datetime")


@dataclass(frozen=True)
class Column:
    """One column: its type, class, unit and meaning in both languages, and what values it may hold."""

    type: str
    sensitivity: Class
    fr: str
    en: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    low: float | None = None
    required: bool = False

    def __post_init__(self):
        if self.type not in TYPES:
            raise ValueError(f"unknown column type {self.type}")
        if self.sensitivity > LAKE_LIMIT:
            raise ValueError("S3 and S4 never enter the lake")


SOURCE_COLUMNS = {
    "submission": Column(
        "string", S1, "envoi d'où vient la ligne", "submission the row comes from", required=True
    ),
    "tool": Column("string", S0, "outil", "tool", required=True),
    "tool_version": Column(
        "string", S0, "version de la grille de lecture", "version of the mapping", required=True
    ),
    "simulated": Column("boolean", S0, "donnée simulée", "simulated data", required=True),
}


@dataclass(frozen=True)
class Table:
    """A kind of fact. `grain`: the columns that, with `submission`, name a row once.

    Every table also carries the columns of SOURCE_COLUMNS.
    """

    name: str
    grain: tuple[str, ...]
    own_columns: dict[str, Column] = field(hash=False)
    fr: str = ""
    en: str = ""

    def __post_init__(self):
        unknown = set(self.grain) - set(self.own_columns)
        if unknown:
            raise ValueError(f"{self.name}: grain names unknown columns {sorted(unknown)}")

    @property
    def columns(self):
        return SOURCE_COLUMNS | self.own_columns

    @property
    def schema(self):
        """Column name → Polars type."""
        import polars as pl  # noqa: PLC0415  heavy: only the worker needs it

        types = {
            "string": pl.String,
            "integer": pl.Int64,
            "number": pl.Float64,
            "boolean": pl.Boolean,
            "date": pl.Date,
            "datetime": pl.Datetime("us", "UTC"),
        }
        return {name: types[column.type] for name, column in self.columns.items()}

    def empty(self):
        import polars as pl  # noqa: PLC0415  heavy: only the worker needs it

        return pl.DataFrame(schema=self.schema)

    def conform(self, frame):
        """The frame with exactly this table's columns and types.

        frame     Polars frame; columns it lacks become null, columns the table lacks are refused
        Returns   Polars frame with `self.schema`
        Raises    MethodError naming table and column: unknown column, wrong type, null in a required column,
                  value outside the choices or below the lowest, grain that is not unique
        """
        import polars as pl  # noqa: PLC0415  heavy: only the worker needs it

        unknown = [name for name in frame.columns if name not in self.columns]
        if unknown:
            raise self._broken("facts.unknown_column", unknown[0])
        selected = []
        for name, kind in self.schema.items():
            selected.append(
                pl.col(name).cast(kind) if name in frame.columns else pl.lit(None, kind).alias(name)
            )
        try:
            conformed = frame.select(selected)
        except pl.exceptions.PolarsError as error:
            raise self._broken("facts.wrong_type", str(error).splitlines()[0]) from error
        for name, column in self.columns.items():
            self._check_column(conformed[name], name, column)
        key = ["submission", *self.grain]
        if conformed.select(key).is_duplicated().any():
            raise self._broken("facts.grain_broken", ", ".join(key))
        return conformed

    def _check_column(self, values, name, column):
        if column.required and values.null_count():
            raise self._broken("facts.missing_value", name)
        if column.choices and not values.drop_nulls().is_in(list(column.choices)).all():
            raise self._broken("facts.value_outside_choices", name)
        if column.low is not None and len(values.drop_nulls()) and values.min() < column.low:
            raise self._broken("facts.value_too_low", name)

    def _broken(self, code, column):
        return MethodError(
            code, where=Where(sheet=self.name, column=column), values={"table": self.name, "column": column}
        )
