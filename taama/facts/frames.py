"""Frames of any engine, for methods: narwhals inside, outside whatever was given. Pure."""

from functools import wraps

import narwhals as nw

from taama.base.errors import MethodError, Where


def any_engine(method):
    """A method written for narwhals that takes native frames too and answers in the kind of its first argument."""

    @wraps(method)
    def called(first, *others, **named):
        answer = method(_inside(first), *map(_inside, others), **{k: _inside(v) for k, v in named.items()})
        given_inside = isinstance(first, nw.DataFrame | nw.LazyFrame)
        return answer if given_inside else nw.to_native(answer, pass_through=True)

    return called


def _inside(given):
    return nw.from_native(given, pass_through=True)


def small(frame):
    """A narwhals frame as a list of dicts: only for what is small by its nature."""
    gathered = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return list(gathered.iter_rows(named=True))


def refuse(frame, code, columns):
    """Raise MethodError naming the first rows of `frame`, if it has any, by the values of `columns`."""
    found = small(frame.select(*columns).sort(*columns).head(1))
    if found:
        raise MethodError(code, Where(column=", ".join(columns)), values=found[0])
