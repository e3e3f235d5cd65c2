"""Which tool reads a file, why none does, and whether its rows are invented: before anything is kept of it."""

import re
import unicodedata

from taama.base.errors import TaamaError, Where
from taama.facts import registry
from taama.facts.grid import read_grid

SURE_ENOUGH = 0.5
TABLES = (".xlsx", ".xlsm", ".csv", ".tsv", ".txt")
HEADING_LINES = 20
INVENTED = re.compile(r"(donnees? )?(simulee?|simulated|inventee?|invented|fictif|fictive)s?", re.ASCII)
WORDS = {True: {"1", "oui", "yes", "true", "vrai", "x"}, False: {"0", "non", "no", "false", "faux", ""}}


def choose_tool(raw, filename):
    """Code of the tool that is surest to know this file.

    Raises    TaamaError: the file is damaged, empty or not what its name says; no tool knows it
    """
    candidates = registry.recognise(raw, filename)
    if candidates and candidates[0][0] >= SURE_ENOUGH:
        return candidates[0][1]
    columns = _columns(raw, filename) if filename.lower().endswith(TABLES) else ""
    values = {"known": registry.file_tool_codes(), "columns": columns}
    raise TaamaError(
        "facts.columns_unknown" if columns else "facts.file_not_recognised", Where(file=filename), values
    )


def _columns(raw, filename):
    """The cells of the first line with several; raises where there is no table to read."""
    try:
        sheets = read_grid(raw, filename, lines=HEADING_LINES)
    except TaamaError as error:
        if error.code == "facts.file_kind_unknown" and not filename.lower().endswith(
            (".csv", ".tsv", ".txt")
        ):
            raise TaamaError("facts.file_not_workbook", error.where, error.values) from error
        raise
    lines = ([cell.strip() for cell in cells if cell.strip()] for sheet in sheets for _, cells in sheet.lines)
    return next((", ".join(cell[:40] for cell in cells[:8]) for cells in lines if len(cells) > 1), "")


def check_invented(raw, filename, simulated):
    """Refuse a table whose own column says otherwise than `simulated` of some of its rows: a file is one or the other.

    Raises    TaamaError: `facts.rows_mixed`, `facts.rows_invented`, `facts.rows_real`
    """
    if not filename.lower().endswith(TABLES):
        return
    told = [row for sheet in read_grid(raw, filename) for row in invented_rows(sheet.lines)]
    invented = [number for number, says in told if says]
    real = [number for number, says in told if not says]
    values = {"invented": len(invented), "real": len(real), "rows": (real if simulated else invented)[:5]}
    if invented and real:
        raise TaamaError("facts.rows_mixed", Where(file=filename), values)
    if simulated and real or invented and not simulated:
        code = "facts.rows_real" if simulated else "facts.rows_invented"
        raise TaamaError(code, Where(file=filename), values)


def invented_rows(lines):
    """(row, whether it is invented) as a column of that name says, where there is one.

    lines    [(row, cells)]; a heading is looked for in the first twenty

    >>> invented_rows([(1, ["Cercle", "Simulé"]), (2, ["Koro", "oui"]), (3, ["Bankass", "non"])])
    [(2, True), (3, False)]
    """
    for place, (_, cells) in enumerate(lines[:HEADING_LINES]):
        for column, cell in enumerate(cells):
            if INVENTED.fullmatch(_plain(cell)):
                return list(_answers(lines[place + 1 :], column))
    return []


def _answers(lines, column):
    for number, cells in lines:
        word = _plain(cells[column]) if column < len(cells) else ""
        says = [answer for answer, words in WORDS.items() if word in words]
        if says and any(cell.strip() for cell in cells):
            yield number, says[0]


def _plain(text):
    letters = unicodedata.normalize("NFKD", str(text)).strip().lower()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
