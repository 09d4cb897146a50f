#!/bin/bash
# Brings the site to the version in the folder that this script was unpacked into:
#
#   sudo clinic_site/deploy/upgrade.sh [--backup-made]
#
# A backup, the new version into a folder of its own, the database, the switch, a check. If the new version is not well,
# the old one runs again as before. Patients can read and ask all the while: systemd holds the address, and what they
# send waits for the worker. --backup-made: you have made the backup yourself.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=release.sh
. "$here/release.sh"

last_migration() {
    manage "$1" showmigrations education --plan | sed -n 's/^\[X\]  education\.//p' | tail -n 1
}

# The old version as it was, on a database as it was; what patients sent meanwhile stays in it.
roll_back() {
    say "Going back to $old"
    is_public_host || manage "$release" migrate education "$before" --verbosity 0 ||
        say "The database could not be brought back to $before: the old version runs on the new one for now."
    switch_to "$old"
    install_units "$old"
    manage "$old" prepare || true
    systemctl restart clinic-web.service
    is_public_host || systemctl start clinic-worker.service
    if is_ready "$old"; then
        fail "The upgrade failed, and the old version runs again. The lines above say why."
    fi
    fail "The upgrade failed, and the old version is not well either. See: journalctl -u clinic-web; manage.py doctor"
}

require_root
[ -e "$current" ] || fail "No site is installed here. Run: sudo $here/install.sh"
load_environment
old=$(readlink -f "$current")
put_release "$(cd "$here/../.." && pwd)"
[ "$release" != "$old" ] || { say "This version runs already: $old"; exit 0; }
manage "$release" check >/dev/null || fail "Correct $env_file, then run this again. Nothing was changed."
if [ "${1:-}" != "--backup-made" ] && ! is_public_host; then
    manage "$old" backup "$data/backups/clinic-$(date +%Y%m%d-%H%M%S)-before-upgrade.backup" ||
        fail "Without a backup nothing is changed."
fi
before=$(last_migration "$old")
is_public_host || systemctl stop clinic-worker.service
manage "$release" prepare || roll_back
switch_to "$release"
install_units "$release"
install_command
systemctl restart clinic-web.service || roll_back
is_ready "$release" || roll_back
if ! is_public_host; then
    systemctl start clinic-worker.service || roll_back
    systemctl enable --now clinic-alarm.timer
fi
say "The site runs $release. The version before it is still in $old."
manage "$release" doctor || true
