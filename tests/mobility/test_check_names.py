"""A check that is counted in a table has a name that holds no values of a case."""

import re
from pathlib import Path

import pytest

import taama
from taama.base.messages import LANGUAGES, catalogue
from taama.publish.methods.pages.rounds import general

CHECKS = Path(taama.__file__).parent / "mobility" / "tools"
CODES = sorted(
    {
        code
        for path in CHECKS.rglob("*.py")
        for code in re.findall(r'"(mobility\.[a-z0-9_]+)"', path.read_text("utf-8"))
        if code in catalogue()
    }
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_the_name_of_a_check_holds_no_values(code, language):
    assert "{" not in general(code, language) and "mobility." not in general(code, language)
