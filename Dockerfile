# Cairn on one machine, by the steps of docs/on-premise.md. Its ports are on loopback, for a proxy beside it:
#   docker build -t cairn .
#   docker run --network host --env-file /etc/cairn/env -v /var/lib/cairn:/var/lib/cairn --stop-timeout 120 cairn
FROM node:24.21.0-bookworm-slim

RUN useradd --system --create-home cairn \
 && install -d -o cairn -g cairn -m 0700 /var/lib/cairn \
 && install -d -o cairn -g cairn /srv/cairn
USER cairn
WORKDIR /srv/cairn
ENV CAIRN_HOME=/var/lib/cairn

COPY --chown=cairn . .
RUN npm start -- --prepare

VOLUME /var/lib/cairn
# 503 while database or KV do not answer; a first start makes the database before it serves.
HEALTHCHECK --interval=30s --timeout=10s --start-period=3m \
  CMD ["node", "-e", "fetch(`http://localhost:${process.env.PORT || 3000}/api/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["npm", "start", "--", "--production"]
