# Two images: `server` (REST, sockets, page; no torch) and `worker` (torch and the recipes).
#   docker build --target server .      docker build --target worker .

FROM python:3.13-slim AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN useradd --create-home --uid 10001 lrscope && install -d -o lrscope /data
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY core core
COPY server server
COPY dashboard dashboard
COPY workers workers

FROM base AS server
RUN pip install --constraint constraints.txt '.[postgres]'
USER lrscope
# Listens on the container's own address; who may call is decided by LRSCOPE_ALLOWED_HOSTS and the published port.
ENV LRSCOPE_HOST=0.0.0.0 LRSCOPE_PORT=8000 LRSCOPE_DATA_DIR=/data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
CMD ["lrscope", "server"]

# On a machine with GPUs pip's default torch brings CUDA. For a CPU-only image:
#   docker build --target worker --build-arg PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu .
FROM base AS worker
ARG PIP_EXTRA_INDEX_URL
RUN pip install --constraint constraints.txt '.[worker]'
USER lrscope
ENV LRSCOPE_SERVER=http://server:8000
# Healthy is a worker that the server sees, connected, under this container's host name.
HEALTHCHECK --interval=15s --timeout=10s --start-period=40s --retries=4 \
  CMD ["lrscope", "workers", "--here"]
CMD ["lrscope", "worker"]
