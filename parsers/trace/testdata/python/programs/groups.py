"""Prints exception groups: python groups.py CASE. Needs CPython 3.11."""

import sys, asyncio


def lookup(d, k):
    return d[k]


def group():
    raise ExceptionGroup("eg", [ValueError(1), TypeError("two\nlines"), KeyError("k")])


def real(f, *a):
    try:
        f(*a)
    except BaseException as e:
        return e


def nested():
    raise ExceptionGroup(
        "outer",
        [
            real(lookup, {}, 1),
            real(
                lambda: (_ for _ in ()).throw(ExceptionGroup("inner", [ValueError(1), real(lookup, {}, 2)]))
            ),
            real(lookup, {}, 3),
        ],
    )


def nestedlast():
    raise ExceptionGroup(
        "outer",
        [
            real(lookup, {}, 1),
            ExceptionGroup("inner", [ValueError(1), ExceptionGroup("deep", [OSError("x")])]),
        ],
    )


def chained():
    try:
        lookup({}, 1)
    except KeyError as e:
        raise ExceptionGroup("eg", [real(inner)]) from e


def inner():
    try:
        lookup({}, 1)
    except KeyError as e:
        raise RuntimeError("member with cause\nsecond line") from e


def context_after():
    try:
        group()
    except ExceptionGroup:
        raise RuntimeError("after group")


def many():
    raise ExceptionGroup("many", [ValueError(i) for i in range(20)])


def deep():
    e = ValueError("bottom")
    for i in range(14):
        e = ExceptionGroup("level %d" % i, [e])
    raise e


def notes():
    e = ValueError("noted")
    e.add_note("note one")
    e.add_note("note two\n  with more")
    raise e


def groupnotes():
    e = ValueError("noted")
    e.add_note("note one")
    g = ExceptionGroup("g", [e])
    g.add_note("on the group")
    raise g


def taskgroup():
    async def bad(n):
        lookup({}, n)

    async def main():
        async with asyncio.TaskGroup() as tg:
            tg.create_task(bad(1))
            tg.create_task(bad(2))

    asyncio.run(main())


def loggedgroup():
    import logging

    logging.basicConfig(format="%(levelname)s:%(asctime)s %(message)s")
    try:
        nested()
    except Exception:
        logging.exception("group failed")
    logging.warning("next")


def synerr_in_group():
    raise ExceptionGroup("s", [real(compile, "a b", "bad.py", "exec")])


globals()[sys.argv[1]]()
