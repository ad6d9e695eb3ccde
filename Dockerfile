# syntax=docker/dockerfile:1
FROM node:26-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY src ./src
RUN node src/generate/bundle.ts

FROM node:26-slim
LABEL org.opencontainers.image.source="https://github.com/drayage/drayage" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/dist/drayage.js /app/dist/drayage.js.map /app/package.json LICENSE ./
# The chart runs as this user with a read-only root file system.
USER 65532:65532
# A heap that may grow a little: nearly as quick as one that may grow as it likes, and far smaller (docs/decisions/0006-memory.md).
ENTRYPOINT ["node", "--enable-source-maps", "--max-semi-space-size=4", "--heap-growing-percent=60", "/app/drayage.js"]
CMD ["operator"]
