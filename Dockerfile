# The mock server, without the harness: docs/containers.md.
FROM python:3.13-slim AS build
COPY . /src
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheel /src

FROM python:3.13-slim
COPY --from=build /wheel /wheel
RUN pip install --no-cache-dir "$(echo /wheel/*.whl)[tls]" && rm -r /wheel
ENV PYTHONUNBUFFERED=1
USER 65534:65534
EXPOSE 8080
HEALTHCHECK --interval=2s --timeout=2s --retries=15 CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/health', timeout=2)"]
ENTRYPOINT ["oauth-gauntlet", "serve", "--host", "0.0.0.0"]
