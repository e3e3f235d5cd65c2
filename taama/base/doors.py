"""The two doors: `@action` for writing, `@query` for reading."""

import functools
from dataclasses import dataclass, field

from django.db import transaction

from taama.base import journal, policy
from taama.base.group_commit import in_turn


@dataclass(frozen=True)
class Done:
    """What an action did, where the answer and the changed records are not the same thing.

    `actors` names, for each changed record, who changed it, where one call carries the deeds of several.
    """

    value: object = None
    changed: list = field(default_factory=list)
    actors: list | None = None


def action(code, *, allow, everywhere=False, prepare=None):
    """The one door for writing: permission, one transaction, a journal row for every changed record.

    The function takes keyword arguments, `by` (the Viewer) among them, and returns the changed record,
    a list of them, or `Done(value, changed)`. The caller gets the record, the list or the value.

    prepare  what takes long and writes nothing: given the caller's arguments, it returns a dict of further ones.
             It runs when the permission is there and before the turn that all who send wait for
    """

    def declare(function):
        rule = policy.declare(code, "action", allow, _summary(function), everywhere)

        @functools.wraps(function)
        def door(*, by, **arguments):
            by.require(code)
            if prepare:
                arguments |= prepare(by=by, **arguments)
            with in_turn(), transaction.atomic():
                result = function(by=by, **arguments)
                done = _as_done(result)
                journal.write(code, by, done.changed, done.actors)
            return done.value

        door.rule = rule
        return door

    return declare


def query(code, *, allow, everywhere=False):
    """The one door for reading: the first argument is the viewer, whose right is checked before anything runs."""

    def declare(function):
        rule = policy.declare(code, "query", allow, _summary(function), everywhere)

        @functools.wraps(function)
        def door(viewer, *arguments, **named):
            viewer.require(code)
            return function(viewer, *arguments, **named)

        door.rule = rule
        return door

    return declare


def _as_done(result):
    if isinstance(result, Done):
        return result
    if result is None:
        return Done()
    if isinstance(result, list):
        return Done(result, result)
    return Done(result, [result])


def _summary(function):
    return (function.__doc__ or "").strip().partition("\n")[0]
