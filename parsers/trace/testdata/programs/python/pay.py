"""Crashes as its argument says."""
import logging
import sys
import threading


class PaymentError(Exception):
    pass


def charge(amount):
    if amount < 0:
        raise ValueError(f"amount {amount} is below zero")
    return 100 / amount


def pay(amount):
    try:
        charge(amount)
    except (ValueError, ZeroDivisionError) as e:
        raise PaymentError("card was not charged") from e


def uncaught():
    charge(-3)


def chained():
    try:
        pay(0)
    except PaymentError:
        {}["receipt"]


def multiline():
    raise PaymentError("three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header")


def recursion():
    def descend(n):
        return descend(n + 1)
    descend(0)


def thread():
    t = threading.Thread(target=pay, args=(-1,), name="worker-7")
    t.start()
    t.join()


def logged():
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        pay(0)
    except PaymentError:
        logging.getLogger("pay.card").exception("order %d was lost", 77)
    logging.getLogger("pay.card").warning("one more order waits")


globals()[sys.argv[1]]()
