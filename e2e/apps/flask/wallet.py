"""A small payment API that fails on a real request, served by gunicorn."""
import os

from flask import Flask, jsonify, request

app = Flask(__name__)
BALANCES = {"w-1": 100}


class InsufficientFunds(Exception):
    pass


def debit(wallet, cents):
    try:
        left = BALANCES[wallet] - cents
    except KeyError as e:
        raise InsufficientFunds("no wallet %s for login password=%s" % (wallet, os.environ["DEMO_SECRET"])) from e
    return left


@app.post("/pay")
def pay():
    app.logger.info("paying from %s", request.args["w"])
    return jsonify(left=debit(request.args["w"], 10))


@app.get("/health")
def health():
    return "ok"
