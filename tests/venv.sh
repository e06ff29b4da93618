# A folder with what a script of the tests needs from Python. It is read by that script, in the directory of which a
# file requirements.txt says what that is; without one it needs nothing. What the script is for is not known here.
#
# The variable LRO_TEST_SERVERS names the directory for what is installed, for databases and for logs. It is
# target/servers unless told otherwise. What is installed is kept there for the next time.
#
# The script then finds: `here`, its directory; `name`, that of its directory; `servers`, the directory above; `venv`.
here=$(cd "$(dirname "$0")" && pwd)
name=$(basename "$here")

servers=${LRO_TEST_SERVERS:-$(dirname "${BASH_SOURCE[0]}")/../target/servers}
mkdir -p "$servers"
servers=$(cd "$servers" && pwd)
venv=$servers/$name-venv

# Whoever comes second waits: the directory is for one at a time. Nothing that is started has this file open.
exec 9>"$servers/$name.lock"
flock 9

# Nothing is compiled when it is installed, but when it is first used, and then it has to be kept.
unset PYTHONDONTWRITEBYTECODE

# uv installs in seconds what takes pip most of a minute. Where it cannot be had, or is not told of a mirror that pip
# knows, pip does it.
by_uv() {
  local uv=$servers/uv wanted=0.13.9
  {
    flock 8 &&
      { [ "$("$uv/bin/uv" --version 2>/dev/null | cut -d' ' -f2)" = $wanted ] || {
        python3 -m venv --clear "$uv" && "$uv/bin/pip" install -q --disable-pip-version-check uv==$wanted
      }; }
  } 8>"$servers/uv.lock" &&
    "$uv/bin/uv" venv -q --no-python-downloads --clear --python "$(command -v python3)" "$venv" &&
    VIRTUAL_ENV=$venv "$uv/bin/uv" pip install -q -r "$1"
}
by_pip() {
  python3 -m venv --clear "$venv" && "$venv/bin/pip" install -q --disable-pip-version-check -r "$1"
}
if [ -e "$here/requirements.txt" ] && ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
  by_uv "$here/requirements.txt" >&2 || by_pip "$here/requirements.txt" >&2
  cp "$here/requirements.txt" "$venv/installed.txt"
fi
