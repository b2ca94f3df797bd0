# syntax=docker/dockerfile:1

FROM node:20-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:20-slim AS dependencies
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:20-slim
ENV NODE_ENV=production \
    NODE_OPTIONS=--max-semi-space-size=32 \
    HUB_HOST=0.0.0.0 \
    DATA_DIR=/var/lib/shuniu/data \
    KEY_DIR=/var/lib/shuniu/keys
WORKDIR /app
COPY --from=dependencies /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY package.json ./
# A new volume takes its owner and mode from the folder it is mounted on. Gateways, subgraphs and exchange run as different
# users: a subgraph may read the gateway's public keys among its keys (0644), never the private one (0600); so may a gateway
# those of exchange, which sign releases.
RUN useradd --uid 1001 --user-group --no-create-home --shell /usr/sbin/nologin subgraph \
 && useradd --uid 1002 --user-group --no-create-home --shell /usr/sbin/nologin exchange \
 && install -d -o node -g node -m 0711 /var/lib/shuniu/keys \
 && install -d -o node -g node -m 0700 /var/lib/shuniu/data \
 && install -d -o subgraph -g subgraph -m 0700 /var/lib/shuniu/subgraph-keys \
 && install -d -o exchange -g exchange -m 0711 /var/lib/shuniu/exchange-keys
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HUB_PORT || 4000}/health`).then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/scripts/hub.js"]
CMD ["start"]
