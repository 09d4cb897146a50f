#!/bin/bash
# Installs the site on this machine from the folder that it was unpacked into. May be run again at any time:
#
#   sudo clinic_site/deploy/install.sh
#
# It makes the user, the folders with their rights, the file of settings, the virtual environment, the units of systemd
# and the keys, as far as each is not there, and starts the site. A newer version: upgrade.sh.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=release.sh
. "$here/release.sh"

make_user() {
    [ -n "$root" ] || id "$user" >/dev/null 2>&1 && return
    say "Making the user $user, who can't log in"
    useradd --system --user-group --no-create-home --home-dir /var/lib/clinic-site --shell /usr/sbin/nologin "$user"
}

# own MODE OWNER PATH…: a folder with these rights
own() {
    if [ -n "$root" ]; then install -d -m "$1" "${@:3}"; else install -d -m "$1" -o "$2" -g "$2" "${@:3}"; fi
}

make_env_file() {
    [ ! -e "$env_file" ] || return 0
    mkdir -p "$(dirname "$env_file")"
    install -m 0640 "$here/../../.env.example" "$env_file"
    [ -n "$root" ] || chgrp "$user" "$env_file"
    sed -i "s|^SECRET_KEY=.*|SECRET_KEY=$("${PYTHON:-python3}" -c 'import secrets; print(secrets.token_urlsafe(50))')|" "$env_file"
    say "The settings are in $env_file, with a SECRET_KEY of their own. Fill in the rest, then run this again."
    exit 3
}

require_root
make_user
make_env_file
load_environment
own 0755 root "$program" "$program/releases"
own 0700 "$user" "$data"
if [ -e "$current" ]; then
    release=$(readlink -f "$current")
    "${PYTHON:-python3}" "$release/clinic_site/bootstrap.py" packages
else
    put_release "$(cd "$here/../.." && pwd)"
fi
manage "$release" check >/dev/null || fail "Correct $env_file, then run this again."
manage "$release" prepare
switch_to "$release"
install_units "$release"
install_command
started=(clinic-web.socket clinic-web.service)
if is_public_host; then
    compgen -G "${SEAL_KEY_DIR:-$data/keys}/seal_public_*" >/dev/null ||
        fail "Bring the public key here, as hosts.md says, then run this again."
else
    started+=(clinic-worker.service clinic-alarm.timer)
    if manage "$release" seal_keys list | grep -q "There are no keys yet"; then
        manage "$release" seal_keys new
    fi
fi
systemctl enable --now "${started[@]}"
is_ready "$release" || fail "The site does not answer at $address. See: journalctl -u clinic-web -u clinic-worker"
say "The site answers at $address. What is still missing:"
manage "$release" doctor || true
