#!/usr/bin/env bash
# Packs everything that recipes/real.sh needs on a GPU machine without network, in folders of at most LOAD bytes (44,000,000) to be carried one by one.
#   recipes/kit.sh make KIT MODELS DATA NAME...     from a built checkout: MODELS holds NAME.gguf ... and llama.cpp's sources, DATA the datasets;
#                                                   Python wheels put into KIT/whl before travel first after load 0, and those in KIT/vllm with them:
#                                                   they are unpacked apart, for the command vllm alone
#   recipes/kit.sh take LOAD                        on the GPU machine: unpacks a load into $KIT (default ~/kit); load 0 begins to build llama-server
# The order of the loads is that of their numbers. Where the checkout is carried with each load, models/real (22 MB) may be left out meanwhile.
# LLAMA_SERVER, TEMPORAL_CLI_PATH: see recipes/README.md.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

make() {
  local kit=$1 models=$2 data=$3; shift 3
  local most=${LOAD:-44000000} n=0 loads; loads=$(mkdir -p "$kit" && cd "$kit" && pwd)/loads
  local root; root=$(cd "$here/.." && pwd)
  rm -rf "$loads"; mkdir -p "$loads/0" "$kit/whl"
  tree=$(mktemp -d); trap 'rm -rf "$tree"' EXIT
  mkdir -p "$tree/husky" "$tree/data/datasets" "$tree/cache"

  # The package with what it needs to run. Temporal's packages are peers, which an install without development packages leaves out.
  (cd "$root" && tar cf - --exclude=models/real dist data models $(git ls-files trainer recipes benchmarks/gpu) ) | tar xf - -C "$tree/husky"
  (cd "$tree/husky" && node -e '
    const { readFileSync, writeFileSync } = require("node:fs");
    const own = JSON.parse(readFileSync(process.argv[1], "utf8"));
    for (const name of Object.keys(own.peerDependencies ?? {}))
      if (name.startsWith("@temporalio/")) own.dependencies[name] = own.devDependencies[name];
    for (const field of ["devDependencies", "peerDependencies", "peerDependenciesMeta", "optionalDependencies", "scripts"]) delete own[field];
    writeFileSync("package.json", JSON.stringify(own, null, 2));' "$root/package.json" &&
    npm install --ignore-scripts --no-package-lock --prefer-offline --silent &&
    find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 -type d ! -name 'x86_64-unknown-linux-gnu' -exec rm -rf {} + &&
    rm -rf node_modules/@temporalio/core-bridge/sdk-core node_modules/isolated-vm/*.tgz node_modules/isolated-vm/prebuilds/{darwin,linux-arm64,win32}* &&
    find node_modules \( -name '*.map' -o -name '*.ts' \) -delete)

  for name in gsm8k/train gsm8k/test strategyqa/train tabmwp/test MATH/test; do
    mkdir -p "$tree/data/datasets/${name%/*}"; cp "$data/$name.jsonl" "$tree/data/datasets/$name.jsonl"
  done
  # The sandbox's Python, which that machine could not fetch. The newest is this build's.
  (cd "$tree/cache" && echo 'print(1)' | node "$root/dist/cli/main.js" exec --language python > /dev/null &&
    cp -r "$(ls -td "${XDG_CACHE_HOME:-$HOME/.cache}"/temporal-husky/sandbox/python-*/ | grep -v host | head -1)" .)

  local llama=(--exclude=llama.cpp/{build,media,docs,models,tests} --exclude=node_modules --exclude=.git)
  tar chf - -C "$models" "${llama[@]}" llama.cpp | xz -T0 -1 > "$loads/0/llama.tar.xz"
  tar cf - -C "$tree" data cache | xz -T0 -2 > "$tree/small.tar.xz"
  tar cf - -C "$tree" husky | xz -T0 -2 > "$tree/husky.tar.xz"
  strip -o "$tree/node" "$(ls "$root/node_modules/node/bin/node" 2> /dev/null || node -p process.execPath)"
  strip -o "$tree/temporal" "${TEMPORAL_CLI_PATH:-$(command -v temporal)}"
  xz -T0 -3 "$tree/node" "$tree/temporal"
  local wheels; for wheels in whl vllm; do [ -z "$(ls "$kit/$wheels" 2> /dev/null)" ] || tar cf "$tree/$wheels.tar" -C "$kit" "$wheels"; done
  for file in $(ls "$tree"/{whl,vllm}.tar 2> /dev/null) "$tree"/small.tar.xz "$tree"/node.xz "$tree"/temporal.xz "$tree"/husky.tar.xz $(printf "$models/%s.gguf " "$@"); do
    mkdir "$loads/part"
    split -b "$most" -d -a 3 "$file" "$loads/part/$(basename "$file").part."
    for part in "$loads"/part/*; do n=$((n + 1)); mkdir "$loads/$n"; mv "$part" "$loads/$n/"; done
    rmdir "$loads/part"
    # The last part of a file says so.
    touch "$loads/$n/$(basename "$file").whole"
  done
  for load in "$loads"/*/; do cp "$here/kit.sh" "$load"; done
  echo "$((n + 1)) loads in $loads; the largest:"; du -sm "$loads"/* | sort -rn | head -2
}

take() {
  local load; load=$(cd "$1" && pwd); local kit=${KIT:-$HOME/kit}; mkdir -p "$kit"; cd "$kit"
  for file in "$load"/*; do
    local name; name=$(basename "$file")
    case $name in
    *.part.000) cat "$file" > "${name%.part.*}" ;;
    *.part.*) cat "$file" >> "${name%.part.*}" ;;
    llama.tar.xz) xz -dc "$file" | tar xf - ;;
    esac
  done
  for file in "$load"/*.whole; do
    [ -e "$file" ] || continue
    local name; name=$(basename "${file%.whole}")
    case $name in
    *.tar.xz) xz -dc "$name" | tar xf -; rm "$name" ;;
    vllm.tar) tar xf "$name" && rm "$name" && mkdir -p bin &&
      python3 -m pip install -q --no-index --no-deps --no-compile --target vllm-site vllm/*.whl &&
      printf '#!/bin/sh\nPYTHONPATH="%s" exec python3 -m vllm.entrypoints.cli.main "$@"\n' "$kit/vllm-site" > bin/vllm && chmod +x bin/vllm ;;
    whl.tar) tar xf "$name" && rm "$name" && python3 -m pip install -q --no-index --no-deps --no-compile whl/*.whl ;;
    *.xz) xz -df "$name"; chmod +x "${name%.xz}" ;;
    esac
    touch "$name.whole"
  done
  if [ -d cache ]; then
    mkdir -p "${XDG_CACHE_HOME:-$HOME/.cache}/temporal-husky/sandbox"; cp -rn cache/python-* "${XDG_CACHE_HOME:-$HOME/.cache}/temporal-husky/sandbox/"; rm -rf cache
  fi
  if [ -d llama.cpp ] && [ ! -e llama.cpp/started ]; then
    touch llama.cpp/started
    (cd llama.cpp && setsid nohup bash -c 'cmake -B build -DCMAKE_BUILD_TYPE=Release -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES="${ARCHITECTURES:-90}" -DLLAMA_CURL=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_UI=OFF > ../cmake.log 2>&1 && cmake --build build -j"$(nproc)" --target llama-server > ../build.log 2>&1; echo "BUILD $?" >> ../build.log' > /dev/null 2>&1 &)
  fi
  ls "$kit" | tr '\n' ' '; echo
}

case ${1:-} in
make) [ $# -ge 5 ] || { sed -n 2,7p "$0"; exit 2; }; shift; make "$@" ;;
take) [ $# -eq 2 ] || { sed -n 2,7p "$0"; exit 2; }; take "$2" ;;
*) sed -n 2,7p "$0"; exit 2 ;;
esac
