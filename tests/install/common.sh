# What the tests of each way to install have in common: an empty place, and what somebody does first with an `lro` that
# has just been installed. Which way it is, is not known here.
#
# The script then finds: `root`, the top of the repository; `place`, an empty directory that is removed in the end. Whatever
# is in `running` is stopped then.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
place=$(mktemp -d)
running=()
tidy() {
  [ ${#running[@]} -eq 0 ] || kill "${running[@]}" 2>/dev/null || true
  rm -rf "$place"
}
trap tidy EXIT

failed() {
  echo "$0: $*" >&2
  exit 1
}

# What cargo has is for all ways; what else a home has is for none.
export CARGO_HOME=${CARGO_HOME:-$HOME/.cargo} RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
mkdir "$place/home"
export HOME=$place/home XDG_CONFIG_HOME=$place/home/.config
unset CARGO_TARGET_DIR LRO_ENDPOINT LRO_TOKEN OS_CLOUD
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml")

# used LRO: asks it for its version, and waits with it for an operation that its own simulator serves.
used() {
  local lro=$1 simulator url ended
  [ "$("$lro" --version)" = "lro $version" ] || failed "$lro is not version $version"

  "$lro" simulate --duration 300ms >"$place/url" 2>"$place/simulate.log" &
  simulator=$!
  running+=("$simulator")
  for _ in $(seq 100); do
    [ ! -s "$place/url" ] || break
    sleep 0.05
  done
  url=$(cat "$place/url")
  [ -n "$url" ] || failed "$lro simulate says no address: $(cat "$place/simulate.log")"

  "$lro" submit POST /v1.0/plasconnector/connectors --endpoint "$url" --print-location \
    --json "@$root/tests/install/connector.json" \
    >"$place/operation" 2>"$place/submit.log" || failed "lro submit: $(cat "$place/submit.log")"
  ended=$("$lro" wait --endpoint "$url" --interval 100ms "$(cat "$place/operation")" 2>"$place/wait.log") ||
    failed "lro wait ended with $?: $(cat "$place/wait.log")"
  case $ended in
    *"	succeeded	"*) ;;
    *) failed "lro wait says: $ended" ;;
  esac
  kill "$simulator"
  wait "$simulator" 2>/dev/null || true
  echo "$lro: $("$lro" --version), and it has waited: $ended"
}

# completes FILE: whether bash, given this file, completes a verb and a flag of it.
completes() {
  # shellcheck disable=SC2016
  env -i PATH="$PATH" bash --norc --noprofile -euc '
    . "$1"
    complete -p lro >/dev/null
    COMP_WORDS=(lro wai) COMP_CWORD=1; _lro lro wai lro; [ "${COMPREPLY[*]}" = wait ]
    COMP_WORDS=(lro wait --require-h) COMP_CWORD=2; _lro lro --require-h wait; [ "${COMPREPLY[*]}" = --require-https ]
  ' - "$1" || failed "bash does not complete by $1"
}
