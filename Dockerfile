# The server. Nothing is written but to /tmp and, with the embedded database, to a volume at /data: run it with --read-only.
# Node in the version that the checkout pins; pin the digest too where you build:
#   docker buildx imagetools inspect node:24.21.0-trixie-slim
FROM node:24.21.0-trixie-slim AS base
WORKDIR /app

# What runs, and nothing of what tests.
FROM base AS packages
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM packages AS build
RUN npm ci --ignore-scripts
COPY app.yml ./
COPY scripts/build.ts scripts/
COPY migrations migrations
COPY sandbox sandbox
COPY src src
RUN node scripts/build.ts

FROM base
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
# A named volume takes over whose /data is.
RUN mkdir /data /var/cache/sitrep && chown node:node /data /var/cache/sitrep
COPY package.json LICENSE ./
COPY bin bin
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
# What Node compiles at a first start is there already; one in this image takes half as long.
ENV NODE_COMPILE_CACHE=/var/cache/sitrep
RUN node bin/sitrep.js sandbox --once --scenario healthy > /dev/null
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --start-interval=1s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# With a small space for young objects a process that waits takes some 15 MiB less, and an update no more processor time than
# can be told. Without a shell, so that SIGTERM reaches Sitrep.
ENTRYPOINT ["node", "--max-semi-space-size=1", "/app/bin/sitrep.js"]
CMD ["start"]
