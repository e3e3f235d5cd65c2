"""Group commit: everybody gets their own result, whoever writes; one bad item harms no other."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import IntegrityError, OperationalError

from taama.base.group_commit import GroupCommit


def together(group, items, threads=16):
    def one(item):
        try:
            return group.submit(item)
        except Exception as error:
            return error

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, items))


def test_everybody_gets_their_own_result_and_batches_form():
    batches = []

    def write(items):
        batches.append(len(items))
        time.sleep(0.002)
        return [item * 2 for item in items]

    assert together(GroupCommit(write), range(500)) == [n * 2 for n in range(500)]
    assert sum(batches) == 500
    assert max(batches) > 1


def test_only_one_writes_at_a_time():
    writing = threading.Lock()

    def write(items):
        assert writing.acquire(blocking=False)
        time.sleep(0.001)
        writing.release()
        return items

    assert together(GroupCommit(write), range(200)) == list(range(200))


def test_a_bad_item_fails_alone():
    def write(items):
        if 13 in items:
            raise ValueError("unlucky")
        return items

    results = together(GroupCommit(write), range(50))
    assert isinstance(results.pop(13), ValueError)
    assert results == [n for n in range(50) if n != 13]


def test_a_lost_race_is_run_again():
    tries = []

    def write(items):
        tries.append(items)
        if len(tries) < 3:
            raise IntegrityError("unique")
        return items

    assert GroupCommit(write).submit("a") == "a"
    assert len(tries) == 3


def test_an_ill_database_is_told_to_all_without_asking_it_for_each():
    calls = []

    def write(items):
        calls.append(items)
        time.sleep(0.01)
        raise OperationalError("database is locked")

    results = together(GroupCommit(write), range(40))
    assert all(isinstance(result, OperationalError) for result in results)
    assert len(calls) < 20
