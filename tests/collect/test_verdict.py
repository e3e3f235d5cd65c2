"""The rule of intake, over everything that can be the case."""

from hypothesis import given
from hypothesis import strategies as st

from taama.collect.methods.instance import Instance, derived_id
from taama.collect.methods.verdict import Asked, Earlier, Fate, judge

forms = st.sampled_from(["a", "b"])
hashes = st.sampled_from(["h1", "h2"])
instances = st.builds(Instance, forms | st.just(""), st.just("1"), st.just("i"), st.sampled_from(["", "d"]))
earlier = st.none() | st.builds(Earlier, forms, hashes, st.booleans(), st.booleans())
asked = st.builds(Asked, st.booleans(), st.booleans(), st.booleans())


@given(st.none() | instances, hashes, earlier, asked, earlier)
def test_every_arrival_has_a_fate_that_loses_nothing(instance, sha256, known, form, predecessor):
    verdict = judge(instance, sha256, known, form, predecessor)
    if verdict.fate == Fate.ACCEPTED:
        assert instance and known is None and form.form and form.version
        assert form.open or instance.deprecated_id
    if verdict.fate == Fate.AGAIN:
        assert known.sha256 == sha256 and not known.removed
    if instance and known and (known.sha256 != sha256 or known.removed):
        assert verdict.fate == Fate.CONFLICT


@given(st.text("0123456789abcdef", min_size=64, max_size=64))
def test_a_derived_identity_is_a_uuid_and_always_the_same(sha256):
    import uuid

    made = derived_id(sha256)
    assert made == derived_id(sha256)
    assert uuid.UUID(made.removeprefix("uuid:")).version == 8
