"""Prints tracebacks as libraries do: python libraries.py CASE."""

import sys


def lookup(d, k):
    return d[k]


def charge(w, c):
    try:
        return lookup({}, w)
    except KeyError as e:
        raise RuntimeError(f"charge of {w} failed") from e


def loguru_():
    from loguru import logger

    try:
        charge("w-404", 900)
    except RuntimeError:
        logger.exception("charge failed")
    try:
        lookup({}, 3)
    except KeyError:
        logger.opt(exception=True).warning("odd")
    logger.info("after")


def loguru_catch():
    from loguru import logger

    @logger.catch
    def job(w):
        charge(w, 1)

    job("w-1")
    logger.info("after")


def loguru_deep():
    from loguru import logger

    @logger.catch
    def job(w):
        charge(w, 1)

    def outer():
        job("w-1")

    outer()


def richsyn():
    from rich.traceback import install

    install()
    compile("def f(:", "bad.py", "exec")


def richgroup():
    from rich.traceback import install

    install()
    raise ExceptionGroup("eg", [ValueError(1), TypeError("two")])


def richdeep():
    from rich.traceback import install

    install()

    def r(n):
        return r(n + 1)

    r(0)


def rich_():
    from rich.traceback import install

    install(show_locals=len(sys.argv) > 2)
    charge("w-404", 900)


def richlog():
    import logging
    from rich.logging import RichHandler

    logging.basicConfig(level="INFO", handlers=[RichHandler(rich_tracebacks=True)])
    logging.info("hello")
    try:
        charge("w", 1)
    except RuntimeError:
        logging.exception("failed")
    logging.info("bye")


def richlog2():
    import logging
    from rich.logging import RichHandler

    logging.basicConfig(level="INFO", handlers=[RichHandler()])
    try:
        charge("w", 1)
    except RuntimeError:
        logging.exception("failed")
    logging.info("bye")


def structrich():
    import structlog

    l = structlog.get_logger()
    l.info("start", a=1)
    try:
        charge("w", 1)
    except RuntimeError:
        l.exception("failed", w=1)
    l.info("bye")


def twisted_():
    from twisted.logger import Logger, textFileLogObserver, globalLogPublisher

    globalLogPublisher.addObserver(textFileLogObserver(sys.stdout))
    log = Logger()
    try:
        charge("w", 1)
    except RuntimeError:
        log.failure("Unhandled Error")
    log.info("bye")


def twisted2():
    from twisted.internet import defer
    from twisted.python import log

    log.startLogging(sys.stdout)
    d = defer.Deferred()
    d.addCallback(lambda r: charge("w", 1))
    d.callback(1)
    del d
    import gc

    gc.collect()
    log.msg("bye")


def tornado_():
    import logging
    from tornado.log import enable_pretty_logging

    enable_pretty_logging()
    try:
        charge("w", 1)
    except RuntimeError:
        logging.exception("failed")
    logging.info("bye")


def gevent_():
    import gevent

    g = gevent.spawn(charge, "w", 1)
    g.join()
    print("bye", file=sys.stderr)


def trio_():
    import trio

    async def bad(n):
        lookup({}, n)

    async def main():
        async with trio.open_nursery() as n:
            n.start_soon(bad, 1)
            n.start_soon(bad, 2)

    trio.run(main)


def ipython_():
    from IPython.core.ultratb import VerboseTB, AutoFormattedTB

    for mode in ("Context", "Verbose", "Plain", "Minimal"):
        print("##", mode)
        tb = AutoFormattedTB(mode=mode)
        try:
            charge("w", 1)
        except RuntimeError:
            tb()


def sqla():
    import sqlalchemy as s

    s.create_engine("sqlite://").connect().execute(s.text("select * from nope where a=:a"), {"a": 1})


def pydantic_():
    import pydantic

    class M(pydantic.BaseModel):
        a: int
        b: str

    M(a="x")


globals()[sys.argv[1]]()
