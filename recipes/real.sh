#!/usr/bin/env bash
# The experts of a real base, from questions to tables, on a GPU machine without network; once more to go on after a stop.
#   recipes/real.sh [--minutes 25] [--out FOLDER]      everything carried lies in $KIT (default ~/kit), as kit.sh packs it
#   recipes/real.sh --miniature                         the same stages with SmolLM2-135M on two cores, a dozen questions, 20 steps
#   --port 8101   of the teacher's server; the adapters' server has the next.   --pipeline-minutes 12   then the rounds that are whole are taken
# recipes/README.md says what it needs and what it leaves.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
kit=${KIT:-$HOME/kit}
# Where the machine has Node 24, a clone does not keep the package of it.
for node in "$kit/node" "$here/../node_modules/node/bin/node" "$(command -v node || true)"; do
  [ ! -x "$node" ] || [ "$("$node" -p 'Number(process.versions.node.split(".")[0]) >= 24')" != true ] || break
  node=
done
[ -n "$node" ] || { echo "There is no Node 24: neither $kit/node nor node_modules/node/bin/node nor on PATH; unpack the kit, or run npm install." >&2; exit 2; }
exec "$node" "$here/real.mjs" "$@"
