#!/bin/sh
# Installs mfauto for the person who starts this. No internet, no root.
# To take it away: delete ~/.local/share/mfauto and ~/.local/bin/mfauto.
set -eu
cd "$(dirname "$0")"
program="${XDG_DATA_HOME:-$HOME/.local/share}/mfauto"
python="${PYTHON:-python3}"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "mfauto needs Python 3.11 or newer. Name one: PYTHON=/path/to/python3 ./install.sh" >&2
    exit 2
}
[ -x "$program/bin/python" ] || "$python" -m venv "$program"
pip() { "$program/bin/python" -m pip install --quiet --disable-pip-version-check \
    --no-index --find-links wheels --require-hashes "$@"; }
pip -r requirements.lock
pip --no-deps --force-reinstall -r mfauto.lock
mkdir -p "$HOME/.local/bin"
ln -sf "$program/bin/mfauto" "$HOME/.local/bin/mfauto"
"$program/bin/mfauto" --version
echo "Installed. Next, in a new folder: mfauto init"
