"""The least that Flask can do: what the panel's throughput is compared with. `gunicorn benchmarks.empty:app`"""

from __future__ import annotations

from flask import Flask, Response

app = Flask(__name__, static_folder=None)


@app.post("/canvas/initialize")
def empty() -> Response:
    """Neither looks at the request nor at anything else."""
    return Response(b"{}", content_type="application/json; charset=utf-8")


@app.get("/readyz")
def ready() -> Response:
    """As the product's, for whoever waits until the server is up."""
    return Response(status=200)
