# shellcheck shell=bash
# What is set here is used by those two:
# shellcheck disable=SC2034
# What install.sh and upgrade.sh share: where things lie, and how one version of the program is put into its place.
#
#   /opt/clinic-site/releases/VERSION-HASH   one folder for each version, which only root can change
#   /opt/clinic-site/current                 the one that runs
#   /etc/clinic-site.env                     the settings
#   /var/lib/clinic-site                     the data; the only folder that the site can write to
#
# CLINIC_ROOT puts all of it under another folder and runs it as the user who calls, for a rehearsal.

root=${CLINIC_ROOT:-}
program=$root/opt/clinic-site
current=$program/current
env_file=$root/etc/clinic-site.env
units=$root/etc/systemd/system
user=clinic
left_out=(.git .venv var __pycache__ .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache)

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

require_root() {
    [ -n "$root" ] || [ "$(id -u)" = 0 ] || fail "Run this as root: sudo $0"
}

# The settings as systemd reads them: nothing in a value is expanded.
load_environment() {
    local line name value
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in '' | '#'* | ';'*) continue ;; esac
        name=${line%%=*} value=${line#*=}
        case $value in
            \"*\") value=${value#\"} value=${value%\"} ;;
            \'*\') value=${value#\'} value=${value%\'} ;;
        esac
        export "$name=$value"
    done <"$env_file"
    export CLINIC_ENV_FILE=$env_file
    data=${CLINIC_DATA_DIR:-/var/lib/clinic-site}
    address=http://${HOST:-127.0.0.1}:${PORT:-8000}
    host_name=${ALLOWED_HOSTS%%,*}
}

# A public host of several: it has neither a worker nor the keys, and its database is looked after by the staff side.
is_public_host() {
    [ "${CLINIC_ROLE:-all}" = public ]
}

# manage.py of a release, as the site's user: manage FOLDER COMMAND …
manage() {
    local folder=$1
    shift
    if [ -n "$root" ]; then
        (cd "$folder" && umask 077 && .venv/bin/python manage.py "$@")
    else
        # With a home of its own: a database's driver looks for certificates there, and may not look into root's.
        (cd "$folder" && umask 077 && HOME=$data && export HOME &&
            runuser -u "$user" --preserve-environment -- .venv/bin/python manage.py "$@")
    fi
}

# Copies the program in folder $1 to a folder of its own and installs its packages there. Sets `release`.
put_release() {
    local source=$1 options=() version digest name
    for name in "${left_out[@]}"; do options+=("--exclude=$name"); done
    version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$source/pyproject.toml" | head -n 1)
    digest=$(tar -C "$source" --sort=name --mtime=@0 --owner=0 --group=0 --mode=go= "${options[@]}" -c . | sha256sum)
    release="$program/releases/$version-${digest:0:8}"
    if [ ! -e "$release/manage.py" ]; then
        say "Copying the program to $release"
        rm -rf "$release.part"
        mkdir -p "$release.part"
        tar -C "$source" "${options[@]}" -c . | tar -C "$release.part" --no-same-owner -x
        chmod -R u=rwX,go=rX "$release.part"
        mv -T "$release.part" "$release"
    fi
    (umask 022 && "${PYTHON:-python3}" "$release/clinic_site/bootstrap.py" packages &&
        "$release/.venv/bin/python" -m compileall -q "$release/clinic_site" "$release/education")
}

# The units of the version in folder $1, in place of those of another.
install_units() {
    local unit
    mkdir -p "$units"
    rm -f "$units"/clinic-{web,worker,alarm}.{service,socket,timer}
    for unit in "$1"/clinic_site/deploy/systemd/*; do
        install -m 0644 "$unit" "$units/$(basename "$unit")"
    done
    sed -i "s|^ListenStream=.*|ListenStream=${address#http://}|" "$units/clinic-web.socket"
    sed -i "s|^ReadWritePaths=.*|ReadWritePaths=$data|" "$units"/clinic-*.service
    systemctl daemon-reload
}

# clinic-manage: manage.py of the version that runs, for whoever looks after the site.
install_command() {
    mkdir -p "$root/usr/local/bin"
    install -m 0755 /dev/stdin "$root/usr/local/bin/clinic-manage" <<END
#!/bin/bash
# manage.py of the version that runs, as the site's user and with its settings. Paths of files must begin with a slash.
set -euo pipefail
. $current/clinic_site/deploy/release.sh
require_root
load_environment
manage "\$current" "\$@"
END
}

switch_to() {
    ln -sfn "$1" "$current.new"
    mv -T "$current.new" "$current"
}

# Whether the site answers, and patients can ask.
is_ready() {
    local tries
    for tries in $(seq "${CLINIC_READY_TRIES:-30}"); do
        if "$1/.venv/bin/python" -c '
import sys, urllib.request
asked = urllib.request.Request(sys.argv[1] + "/health/ready", headers={"Host": sys.argv[2]})
sys.exit(urllib.request.urlopen(asked, timeout=5).status != 200)' "$address" "$host_name" 2>/dev/null; then
            return 0
        fi
        [ "$tries" = "${CLINIC_READY_TRIES:-30}" ] || sleep 1
    done
    return 1
}
