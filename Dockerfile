FROM python:3.13-slim
COPY . /src
RUN pip install --no-cache-dir /src && rm -rf /src
# Whoever runs it, the vault is what is mounted here; the cache goes with the container.
ENV VAULTDECK_CACHE_DIR=/tmp/vaultdeck
WORKDIR /vault
ENTRYPOINT ["vaultdeck"]
CMD ["--help"]
