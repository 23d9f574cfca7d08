import sys

def charge(w:
    return w
