# -*- coding: utf-8 -*-
"""Prints tracebacks: python cases.py CASE. Runs on CPython 2.7 to 3.14."""

from __future__ import print_function
import sys, traceback, threading, logging


class PayError(Exception):
    pass


class Outer(object):
    class Inner(Exception):
        pass


def f(x):
    return g(x)


def g(x):
    return 1 // x


def rec(n):
    return rec(n + 1)


case = sys.argv[1]


def plain():
    f(0)


def nomsg():
    raise PayError


def assertion():
    assert 1 == 2


def inner():
    raise Outer.Inner("nested class")


def localcls():
    class L(Exception):
        pass

    raise L("x")


def multiline():
    raise ValueError('first line\n\nafter blank\n  File "x.py", line 3, in f\n    indented\nlast: line')


def recursion():
    sys.setrecursionlimit(200)
    rec(0)


def mutual():
    sys.setrecursionlimit(120)

    def a(n):
        return b(n)

    def b(n):
        return a(n)

    a(0)


def execd():
    exec(compile("def q():\n  raise KeyError('k')\nq()", "<string>", "exec"))


def quoted():
    exec(compile("raise KeyError('k')", '/a b/c "d".py', "exec"))


def syntax():
    compile("def f(:\n  pass", "bad.py", "exec")


def evalsyntax():
    eval("1 +")


def thread():
    t = threading.Thread(target=f, args=(0,), name="worker-1")
    t.start()
    t.join()


def thread2():
    t = threading.Thread(target=f, args=(0,))
    t.start()
    t.join()


def delete():
    class D(object):
        def __del__(self):
            raise ValueError("in del")

    d = D()
    del d


def atexit_():
    import atexit

    atexit.register(lambda: f(0))


def logerror():
    logging.basicConfig(level=logging.INFO)
    logging.getLogger("pay.api").error("%d %d", 1)
    print("after", file=sys.stderr)


def stackinfo():
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        f(0)
    except Exception:
        logging.getLogger("pay").error("with both", exc_info=True, stack_info=True)
    logging.getLogger("pay").warning("next")


def headed():
    logging.basicConfig(format="%(asctime)s [%(levelname)s] %(name)s: %(message)s")
    try:
        multiline()
    except Exception:
        logging.getLogger("pay").exception("charge failed\nsecond line of the message")
    logging.getLogger("pay").warning("next")


def unicode_():
    raise PayError("сумма ₿ недостаточна")


def sysexit():
    sys.exit("config file missing")


def kbd():
    raise KeyboardInterrupt


def suggest():
    "abc".splitt()


def fault():
    import faulthandler

    faulthandler.enable()
    import ctypes

    ctypes.string_at(0)


def faultthreads():
    import faulthandler

    faulthandler.enable()
    import ctypes, time

    t = threading.Thread(target=time.sleep, args=(9,), name="sleeper")
    t.daemon = True
    t.start()
    time.sleep(0.1)
    ctypes.string_at(0)


def dumplater():
    import faulthandler, time

    faulthandler.dump_traceback_later(1)
    time.sleep(1.3)


def strfail():
    class U(Exception):
        def __str__(self):
            raise RuntimeError("no")

    raise U("x")


def printstack():
    traceback.print_stack()


def excepthook():
    def hook(*a):
        raise RuntimeError("hook broke")

    sys.excepthook = hook
    f(0)


def socketserver_():
    try:
        import socketserver
    except ImportError:
        import SocketServer as socketserver
    import socket

    class H(socketserver.BaseRequestHandler):
        def handle(self):
            f(0)

    s = socketserver.TCPServer(("127.0.0.1", 0), H)
    c = socket.create_connection(s.server_address)
    s.handle_request()


def multiproc():
    import multiprocessing as m

    p = m.Process(target=f, args=(0,), name="settler-1")
    p.start()
    p.join()


def pool():
    import multiprocessing as m

    p = m.Pool(1)
    p.map(f, [0])


def executor():
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(1) as ex:
        ex.submit(f, 0).result()


if sys.version_info[0] > 2:
    from cases3 import *
if __name__ == "__main__":
    globals()[case]()
