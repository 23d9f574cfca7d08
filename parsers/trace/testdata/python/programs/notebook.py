from IPython.core.interactiveshell import InteractiveShell
s = InteractiveShell.instance(colors="NoColor") if True else None
s.run_cell("def f(d): return d['k']\n\ndef g():\n    try: f({})\n    except KeyError as e: raise RuntimeError('outer\\nsecond') from e")
s.run_cell("x=1\ng()")
s.run_cell("def (:")
