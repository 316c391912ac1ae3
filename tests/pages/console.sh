#!/bin/sh
# Walks the pages in Chromium. Usage: console.sh FOLDER QTABLE [STEP …]; the npm packages and the screenshots go to FOLDER.
# Exit code 77: there is no browser or no registry to get the packages from.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$2")
mkdir -p "$1"
cp "$here/package.json" "$here/package-lock.json" "$here"/*.mjs "$1"
cd "$1"
command -v node >/dev/null || { echo "node is not installed"; exit 77; }
if ! cmp -s package-lock.json installed; then
  command -v npm >/dev/null || { echo "npm is not installed"; exit 77; }
  npm ci --ignore-scripts --no-audit --no-fund --silent || { echo "the npm registry is out of reach"; exit 77; }
  cp package-lock.json installed
fi
shift 2
exec node console.mjs "$program" "$@"
