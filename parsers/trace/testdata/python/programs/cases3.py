"""The cases of cases.py that need Python 3."""

import sys, asyncio, logging, traceback


def lookup(d, k):
    return d[k]


def cause():
    try:
        lookup({}, "u-1")
    except KeyError as e:
        raise RuntimeError("wallet missing\nneeded: 900") from e


def chain3():
    try:
        try:
            lookup({}, "u-1")
        except KeyError as e:
            raise RuntimeError("second") from e
    except RuntimeError:
        raise TypeError("third")


def causeless():
    raise RuntimeError("outer") from ValueError("no traceback")


def fromnone():
    try:
        lookup({}, 1)
    except KeyError:
        raise RuntimeError("hidden") from None


def causeless_logged():
    logging.basicConfig()
    try:
        causeless()
    except RuntimeError:
        logging.exception("charge failed")


async def a():
    raise ValueError("lost")


def task():
    async def main():
        t = asyncio.get_event_loop().create_task(a())
        await asyncio.sleep(0.01)
        del t
        import gc

        gc.collect()

    asyncio.get_event_loop().run_until_complete(main())


def taskheaded():
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    task()


def callback():
    def cb():
        lookup({}, 2)

    async def main():
        asyncio.get_event_loop().call_soon(cb)
        await asyncio.sleep(0.01)

    asyncio.get_event_loop().run_until_complete(main())


def taskdebug():
    asyncio.get_event_loop().set_debug(True)
    task()


# fmt: off
def span():
    return lookup(
        {},
        dict(
            a=1,
            b=2,
            c=lookup(
                {},
                "zz"),
        ),
    )
