"""Errors as data: a code, the place, the values; the text is made at the edge, in French and English."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Where:
    """The place of a fault, as the person who must mend it would name it."""

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    field: str = ""


@dataclass
class TaamaError(Exception):
    """Something a person can mend. `code` names an entry of a `messages.toml` with cause and remedy."""

    code: str
    where: Where = field(default_factory=Where)
    values: dict = field(default_factory=dict)
    status: int = 400

    def __str__(self):
        place = ", ".join(f"{k}={v}" for k, v in vars(self.where).items() if v not in ("", None))
        return f"{self.code} [{place}] {self.values}"

    __hash__ = Exception.__hash__


class MethodError(TaamaError):
    """A method was given a frame that breaks its contract."""


class NotAllowed(TaamaError):
    """The policy does not let this viewer do or see this."""

    def __init__(self, code="base.not_allowed", **values):
        super().__init__(code, values=values, status=403)
