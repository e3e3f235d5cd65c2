"""The strict reader of requests: however the bytes are cut, the parts are the same; cut short, they are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taama.base.errors import MethodError
from taama.collect.methods.named import safe_filename
from taama.phones.methods.multipart import END, Part, Parts, boundary_of
from tests.collect.phone import multipart

BOUNDARY = "b0"
names = st.text(
    st.characters(blacklist_categories=("Cc", "Cs"), blacklist_characters='"\\%'), min_size=1, max_size=20
)
contents = st.one_of(
    st.binary(max_size=200), st.sampled_from([b"\r\n--b", b"\r\n--b0"[:-1] * 9, b"--", b"\r\n"])
)
bodies = st.lists(st.tuples(names, contents), max_size=5)


def read(body, cuts):
    """[(name, bytes)] of the parts, the body being fed in pieces."""
    reader, found, begin = Parts(BOUNDARY.encode()), [], 0
    for end in [*sorted(cut % (len(body) + 1) for cut in cuts), len(body)]:
        for event in reader.feed(body[begin:end]):
            if isinstance(event, Part):
                found.append([event.name, b""])
            elif event is not END:
                found[-1][1] += event
        begin = end
    reader.close()
    return [tuple(part) for part in found]


@given(bodies, st.lists(st.integers(min_value=0), max_size=12))
def test_cutting_changes_nothing(files, cuts):
    body = multipart(b"<i/>", files, boundary=BOUNDARY)
    assert read(body, cuts) == [
        ("xml_submission_file", b"<i/>"),
        *((name, content) for name, content in files),
    ]


@given(bodies, st.integers(min_value=0), st.lists(st.integers(min_value=0), max_size=4))
def test_a_body_that_ends_too_early_is_refused(files, cut, cuts):
    body = multipart(b"<i/>", files, boundary=BOUNDARY)
    short = body[: cut % (len(body) - 3)]  # without the two hyphens that end it
    with pytest.raises(MethodError):
        read(short, cuts)


@given(st.binary(max_size=300))
def test_noise_is_refused_never_a_crash(noise):
    with pytest.raises(MethodError):
        read(noise.replace(b"--b0", b""), [])


@given(st.text(max_size=400))
def test_a_safe_name_is_safe(name):
    safe = safe_filename(name)
    assert 0 < len(safe) <= 250
    assert "/" not in safe and "\\" not in safe and safe not in (".", "..")
    assert safe_filename(safe) == safe


@pytest.mark.parametrize(
    "header", ["multipart/form-data; boundary=\x7f", f"multipart/form-data; boundary={'x' * 71}"]
)
def test_a_boundary_outside_the_standard_is_refused(header):
    with pytest.raises(MethodError):
        boundary_of(header)
