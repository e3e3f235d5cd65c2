"""Sealed files: what comes out is what went in, other programs open them, nothing damaged passes for whole."""

import base64
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taama.base.errors import TaamaError
from taama.project import age

# Made by another program of the format, with a part for somebody else before its end.
THEIR_KEY = "AGE-SECRET-KEY-1TRMW2KTDWCRADKGJK6XNGUK5LSSL8JMT7UCWW97AKMM63SN4T8MS09AUFW"
THEIR_PUBLIC = "age1rgx96rxf3dp5dcyam6eerqtp98l56f8yp8h20vvt4uewev9x5fsqew3rw0"
THEIR_FILE = base64.b64decode(
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBSSnJVbDJsMmV3dGZZOUxBR3VVc0hyME0zYm9qRGJjem9uNjBzWHVpVm40Cm9PTURt"
    "TTB2RDVydHBoT0IzaS9QKzN6SWIzU2ozSTF3NUtoMFhQdHVEOWsKLT4gYTl3aVh2TWgtZ3JlYXNlIHs2fj9bClQ1b2pRT09hU2Q4RmZ4VE43"
    "TlpnY1g1MXpkSFE5dFV0QTJHeU5tYlVjYlVYRkEKLS0tIFpxMDM4a3ByaXRLT0oxWmZ5K2NodVVsKzQ3SG9ZQ1VNbm1tOWhOcWVkVlkKEQfx"
    "Hnu1Fyiy1gMw5Ekn7ypagsJ4J8bicyM2KDvTfb+2gSE7hxAl"
)
PRIVATE, PUBLIC = age.new_keys()
SIZES = (0, 1, age.CHUNK - 1, age.CHUNK, age.CHUNK + 1, 3 * age.CHUNK)


def sealed(content, public=PUBLIC, piece=9999):
    out = io.BytesIO()
    with age.Sealing(out, age.read_key(public, age.PUBLIC)) as target:
        for at in range(0, len(content), piece):
            target.write(content[at : at + piece])
    return out.getvalue()


def opened(content, private=PRIVATE):
    return io.BufferedReader(age.Opened(io.BytesIO(content), age.read_key(private, age.PRIVATE)))


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_comes_out_from_anywhere_in_it(size):
    content = bytes(number % 251 for number in range(size))
    file = opened(sealed(content))
    assert file.read() == content
    for at in {0, size // 2, max(0, size - 1)}:
        file.seek(at)
        assert file.read(70_000) == content[at : at + 70_000]


def test_a_file_of_another_program_is_opened():
    assert opened(THEIR_FILE, THEIR_KEY).read() == b"bonjour"
    assert (
        opened(
            sealed(b"x", THEIR_PUBLIC), f"# created: 2026\n# public key: {THEIR_PUBLIC}\n{THEIR_KEY}\n"
        ).read()
        == b"x"
    )


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_nothing_that_was_cut_or_changed_passes(data):
    whole = sealed(b"a" * (age.CHUNK + 100))
    head = whole.index(b"\n", whole.index(b"---")) + 1
    if data.draw(st.booleans()):
        broken = whole[: data.draw(st.integers(0, len(whole) - 1))]
    else:
        at = data.draw(st.integers(0, len(whole) - 1))
        broken = whole[:at] + bytes([whole[at] ^ 1 << data.draw(st.integers(0, 7))]) + whole[at + 1 :]
    changed = next(
        (n for n, pair in enumerate(zip(whole, broken, strict=False)) if pair[0] != pair[1]), len(broken)
    )
    with pytest.raises(age.Damaged if changed > head + 16 else (ValueError, TaamaError)):
        opened(broken).read()


def test_another_key_opens_nothing():
    with pytest.raises(TaamaError) as refused:
        opened(sealed(b"x"), age.new_keys()[0])
    assert refused.value.code == "project.key_wrong"


@pytest.mark.parametrize("kind", [age.PUBLIC, age.PRIVATE])
@pytest.mark.parametrize(
    "change",
    [lambda k: k[:-1], lambda k: k[:20] + k[21] + k[20] + k[22:], lambda k: "", lambda k: f"{k}\n{k}"],
)
def test_a_key_with_a_slip_is_refused(kind, change):
    key = PRIVATE if kind == age.PRIVATE else PUBLIC
    assert len(age.read_key(key, kind)) == 32
    if change(key) == key:
        pytest.skip("two equal letters changed places")
    with pytest.raises(TaamaError) as refused:
        age.read_key(change(key), kind)
    assert refused.value.code == "project.key_malformed"
