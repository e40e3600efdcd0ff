#!/usr/bin/env bash
# Coqui TTS in an environment of its own, var/coqui (5.5 GB): its torchaudio needs a CUDA build of torch, also on machines
# without such a card, and that cannot lie beside the CPU build. Quick when there is nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."
place=var/coqui
packages=("torch==2.11.0" "torchaudio==2.11.0" "coqui-tts==0.28.0" "transformers>=5.18,<5.20" "torchcodec<0.12" "safetensors>=0.4,<1" "pypinyin>=0.53,<0.60" six)

python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || {
  echo "Coqui needs Python 3.11 to 3.13; '$python' is $("$python" --version). Choose one: PYTHON=python3.12 make coqui" >&2
  exit 1; }
stamp="$place/.everhost"
# Whether the environment's Python runs and has its modules: after an upgrade of the system, or where the set-up was
# interrupted, it does not. Looking for them is quick, importing TTS takes half a minute.
has() { "$place/bin/python" -c 'import sys, importlib.util as u; sys.exit(not all(map(u.find_spec, sys.argv[1:])))' "$@" 2>/dev/null; }
if [ "$(cat "$stamp" 2>/dev/null)" != "${packages[*]}" ] || ! has pip TTS torch; then
  echo "Installing Coqui TTS into $place (once; some minutes, 5.5 GB)"
  rm -f "$stamp"
  has pip || "$python" -m venv --clear "$place"
  "$place/bin/python" -m pip install --quiet --disable-pip-version-check "${packages[@]}"
  "$place/bin/python" -c "import TTS"
  echo "${packages[*]}" > "$stamp"
fi
echo "Coqui TTS is ready; docs/voices.md says how to use it."
