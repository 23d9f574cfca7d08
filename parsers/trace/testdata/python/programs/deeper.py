import sys, logging, threading, multiprocessing, asyncio, concurrent.futures, faulthandler, os, time, warnings, traceback
case=sys.argv[1]
class PayError(Exception): pass
def charge(x):
    if x: raise PayError(f"card {x} refused")
def outer(x):
    try: charge(x)
    except PayError as e: raise RuntimeError("settle failed") from e
def notes():
    try: outer(1)
    except RuntimeError as e:
        e.add_note("order 17\n  retry: no"); e.add_note("shop: de"); raise
def groupnest():
    def g(i):
        try: charge(i)
        except Exception as e:
            e.add_note(f"member {i}")
            return e
    a=ExceptionGroup("inner", [g(1), ValueError("two\nlines")])
    raise ExceptionGroup("outer\nsecond line", [a, g(3), KeyError("k")])
def group20():
    raise ExceptionGroup("many", [ValueError(i) for i in range(20)])
def groupdeep():
    e=ValueError("x")
    for i in range(14): e=ExceptionGroup(f"g{i}",[e])
    raise e
def groupcause():
    try: groupnest()
    except ExceptionGroup as e: raise PayError("all failed") from e
def star():
    try: groupnest()
    except* KeyError as e: raise PayError("star")
def unraisable():
    class D:
        def __del__(self): raise PayError("del")
    d=D(); del d
    def gen():
        try: yield
        finally: raise PayError("gen close")
    g=gen(); next(g); del g
def thr():
    def w(): outer(3)
    t=threading.Thread(target=w,name="settler (1)"); t.start(); t.join()
    t=threading.Thread(target=w); t.start(); t.join()
def mp():
    p=multiprocessing.Process(target=outer,args=(1,),name="Proc: 7"); p.start(); p.join()
def pool():
    with concurrent.futures.ProcessPoolExecutor(1) as ex:
        logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
        try: ex.submit(outer,1).result()
        except Exception: logging.exception("pool")
def mppool():
    with multiprocessing.Pool(1) as p: p.map(outer,[1])
def logerr():
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.error("a %d", "x")
    logging.getLogger("pay").warning("after")
    logging.raiseExceptions
def aio():
    async def job(): outer(2)
    async def main():
        asyncio.create_task(job(),name="settle")
        await asyncio.sleep(0.01)
        import gc; gc.collect()
        asyncio.get_running_loop().call_soon(outer,5)
        await asyncio.sleep(0.01)
        asyncio.get_running_loop().call_exception_handler({"message":"Custom thing happened","exception":PayError("no tb"),"future":None})
        asyncio.get_running_loop().call_exception_handler({"message":"Unclosed client session","client_session":object()})
    asyncio.run(main())
def aiodebug():
    async def job(): outer(2)
    async def main():
        asyncio.create_task(job(),name="settle")
        time.sleep(0.2)
        await asyncio.sleep(0.01)
        import gc; gc.collect()
        asyncio.get_running_loop().call_soon(outer,5)
        await asyncio.sleep(0.01)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(main(),debug=True)
def taskgroup():
    async def job(i): charge(i)
    async def main():
        async with asyncio.TaskGroup() as tg:
            tg.create_task(job(1)); tg.create_task(job(2))
    asyncio.run(main())
def fault():
    faulthandler.enable(all_threads=True)
    def w(): time.sleep(5)
    threading.Thread(target=w,name="sleeper",daemon=True).start(); time.sleep(.1)
    import ctypes; ctypes.string_at(0)
def faultdump():
    print("2026-11-22 10:00:00 INFO dumping")
    faulthandler.dump_traceback_later(0.2); time.sleep(.5)
    print("2026-11-22 10:00:00 INFO done")
def abort():
    faulthandler.enable(); os.abort()
def rec():
    def f(n): return f(n+1)
    f(0)
def rec2():
    def f(n): return g(n+1)
    def g(n): return f(n+1)
    f(0)
def synt():
    exec(compile("x = (1,\ny = 2\n","/srv/a.py","exec"))
def imp():
    import importlib
    open("/tmp/badmod.py","w").write("def f(:\n  pass\n")
    open("/tmp/badmod2.py","w").write("import badmod\n")
    sys.path.insert(0,"/tmp/h7/py")
    try: import badmod2
    except SyntaxError as e: raise ImportError("plugins") from e
def indent():
    exec(compile("def f():\nreturn 1\n","/srv/a.py","exec"))
def suggest():
    import colections
def suggest2():
    logging.basicConfigg()
def exc_none():
    logging.basicConfig(format="%(levelname)s:%(name)s:%(message)s")
    logging.exception("outside any handler")
    logging.error("x", exc_info=PayError("never raised"))
    logging.error("x", stack_info=True)
    try: outer(1)
    except Exception: logging.error("both", exc_info=True, stack_info=True)
    logging.error("end")
def warn():
    warnings.warn("old api", DeprecationWarning, stacklevel=1)
    logging.captureWarnings(True)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    warnings.warn("old api 2")
def sysexit(): sys.exit("fatal: no config")
def multi():
    raise PayError("""first

    File "/x.py", line 3, in foo
Traceback (most recent call last):
ValueError: inner text
{"a": 1}""")
def printexc():
    try: outer(1)
    except Exception: traceback.print_exc(); print("then",file=sys.stderr); 
    try: outer(2)
    except Exception: traceback.print_exc(chain=False)
    traceback.print_stack()
def longspan():
    return charge(
        (1,
         2,
         3,
         4,
         5) and
        charge(
            7
        )
    )
def lambdas():
    (lambda: [outer(i) for i in (1,)])()
def excthread():
    def hook(a): raise PayError("hook broke")
    threading.excepthook=hook
    t=threading.Thread(target=outer,args=(1,)); t.start(); t.join()
def syshook():
    def hook(*a): raise PayError("hook broke")
    sys.excepthook=hook
    outer(1)
def futurecb():
    with concurrent.futures.ThreadPoolExecutor(1) as ex:
        f=ex.submit(charge,0); f.add_done_callback(lambda f: outer(1)); time.sleep(.1)
    logging.error("after")
globals()[case]()
