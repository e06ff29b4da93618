# What every server of the tests has in common. It is read by each `run`, with the arguments of that, in its directory:
# what is needed is installed there, and whatever is in `running` is stopped when the command has ended. Which server
# it is, and how it is started, is not known here.
# Databases and logs are kept until the next time.
[ $# -gt 0 ] || { echo "usage: $0 COMMAND [ARGUMENT]..." >&2; exit 2; }
. "$(dirname "${BASH_SOURCE[0]}")/../venv.sh"
state=$servers/$name

rm -rf "$state"
mkdir "$state"

running=()
stop() {
  if [ ${#running[@]} -gt 0 ]; then
    kill "${running[@]}" 2>/dev/null || true
    wait "${running[@]}" 2>/dev/null || true
  fi
}
# Also when a signal ends this script; a trap for the signal itself would first wait for the command.
trap stop EXIT

# found EXPRESSION FILE: what this expression of sed makes of a line of a log, once the line is there. It does not come
# when a server has ended.
found() {
  local text
  for _ in $(seq 300); do
    text=$(sed -n "$1" "$2" 2>/dev/null) || true
    if [ -n "$text" ]; then
      echo "$text"
      return
    fi
    kill -0 "${running[@]}" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

# answers URL: waits for the first answer.
answers() {
  curl -sSf --noproxy '*' -m 60 -o /dev/null "$1"
}

failed() {
  echo "$name does not start; the logs in $state end like this:" >&2
  find "$state" -name '*.log' -exec tail -n 15 {} + >&2
  exit 1
}
