# Hypercare with a browser and the report generator, from the lock files; see docs/container.md.

FROM node:22.20.0-bookworm-slim AS node

FROM python:3.13.9-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY --from=node /usr/local /opt/node
ENV PATH=/opt/node/bin:$PATH XDG_CACHE_HOME=/opt/cache
WORKDIR /build

# What is locked first: a change of the program alone installs none of it anew.
COPY container/requirements.txt container/build-requirements.txt container/
RUN python -m venv /opt/builder \
    && /opt/builder/bin/pip install --require-hashes -r container/build-requirements.txt \
    && python -m venv /opt/hypercare \
    && /opt/hypercare/bin/pip install --require-hashes -r container/requirements.txt

COPY . .
# Git does not come along: `--build-arg COMMIT=$(git rev-parse --short=12 HEAD)` says what this is built from.
ARG COMMIT=unknown
RUN echo "$COMMIT" > hypercare/shipped/commit.txt \
    && /opt/builder/bin/hatchling build -t wheel -d dist \
    && /opt/hypercare/bin/pip install --no-deps dist/*.whl \
    && /opt/hypercare/bin/python -c "import sys; from hypercare.reports.generator import install_generator; sys.exit(install_generator() or 0)"

FROM python:3.13.9-slim-bookworm
ENV PATH=/opt/hypercare/bin:$PATH \
    PLAYWRIGHT_BROWSERS_PATH=/opt/browsers \
    XDG_CACHE_HOME=/opt/cache \
    HYPERCARE_CACHE=/cache \
    HYPERCARE_REPORTS=/reports \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=build /opt/hypercare /opt/hypercare
COPY --from=build /opt/cache /opt/cache
COPY --chmod=0755 container/schedule.sh /usr/local/bin/schedule
RUN playwright install --with-deps chromium \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home hypercare \
    && install --directory --owner=hypercare /reports /cache /project
VOLUME ["/reports", "/cache"]
WORKDIR /project
USER 10001
ENTRYPOINT ["hypercare"]
CMD ["--help"]
