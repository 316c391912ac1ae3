#!/bin/sh
# Lints the published documents. Usage: lint.sh FOLDER, where the packages are kept. Exit code 77: no registry to
# get them from.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
proto=$here/../../proto
mkdir -p "$1"
cp "$here/package.json" "$here/package-lock.json" "$here/lint.mjs" "$1"
cd "$1"
if ! cmp -s package-lock.json installed; then
  command -v npm >/dev/null || { echo "npm is not installed"; exit 77; }
  npm ci --ignore-scripts --no-audit --no-fund --silent || { echo "the npm registry is out of reach"; exit 77; }
  cp package-lock.json installed
fi
exec node lint.mjs "$proto/openapi.json" "$proto/asyncapi.json"
