#!/bin/sh
# Makes a TypeScript client from the published document, compiles a booking with it and runs that against the program.
# Usage: generated.sh FOLDER PROGRAM. Exit code 77: no npm, or no registry to get the packages from.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$2
mkdir -p "$1"
cp "$here/package.json" "$here/package-lock.json" "$here/booking.ts" "$here/process.d.ts" "$1"
cd "$1"
if ! cmp -s package-lock.json installed; then
  command -v npm >/dev/null || { echo "npm is not installed"; exit 77; }
  npm ci --ignore-scripts --no-audit --no-fund --silent || { echo "the npm registry is out of reach"; exit 77; }
  cp package-lock.json installed
fi
"$program" openapi >openapi.json
node_modules/.bin/openapi-typescript openapi.json --output schema.ts >/dev/null
node_modules/.bin/tsc --strict --exactOptionalPropertyTypes --target es2022 --module nodenext --moduleResolution nodenext \
  --skipLibCheck --lib es2022,dom --outDir out booking.ts process.d.ts
exec python3 "$here/generated.py" "$program" "$PWD/out/booking.js"
