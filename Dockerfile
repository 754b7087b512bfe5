# The web side and the sync in a container: `docker build -t commercetools-for-intercom .`
# then `docker run --env-file .env -v ./mapping.toml:/srv/mapping.toml:ro -p 8000:8000 commercetools-for-intercom`
# and the same with `python -m sync worker` at the end; compose.yaml has both, and PostgreSQL.

FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements.lock.txt ./
# Without a pip of its own: nothing is installed at run time.
RUN python -m venv --without-pip /venv
RUN python -m pip --python /venv/bin/python install --no-cache-dir --require-hashes -r requirements.lock.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin panel
COPY --from=build /venv /venv
WORKDIR /srv
COPY commerce ./commerce
COPY clients ./clients
COPY sync ./sync
COPY canvas_app ./canvas_app
COPY wsgi.py gunicorn.conf.py ./
# What is written outside of a volume is gone with the container: by this file the sync knows that it is in one, and
# refuses a database of its own unless a volume is mounted at /srv/var (with a uid of 10001).
RUN touch .in-container
RUN install -d -o 10001 -g 10001 -m 700 var
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f'http://127.0.0.1:{os.environ.get(\"PORT\", 8000)}/healthz', timeout=2)"]
CMD ["gunicorn", "wsgi:app"]
