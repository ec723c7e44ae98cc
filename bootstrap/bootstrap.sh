#!/bin/sh
# Runs the scripts of a bootstrap bundle, in the order of their names; the agent of a guest or the init of a container
# starts it. It stops at the first that fails, and ends with its status.
#
# Scripts have these variables, those that bootstrap.env exports, and msg and err, which print to standard error like
# printf: as functions in bash, as programs anywhere else.
#
#   BOOTSTRAP_DIR           the bundle, which is also the working folder
#   BOOTSTRAP_SCRIPTS_DIR   its scripts
#   BOOTSTRAP_FILES_DIR     its files
#   BOOTSTRAP_ENV           its bootstrap.env, whether it has one or not
#   BOOTSTRAP_SCRIPT        the name of the script that runs

# Only bash can hand functions on; a guest that has no more than busybox has no scripts for bash either.
[ -n "${BASH_VERSION:-}" ] || ! command -v bash >/dev/null 2>&1 || exec bash "$0" "$@"

umask 022
exec </dev/null

msg() {
    local format="$1"
    shift
    # shellcheck disable=SC2059 # the format is the caller's
    printf "%s: $format\n" "${BOOTSTRAP_SCRIPT:-bootstrap.sh}" "$@" >&2
}

err() {
    local format="$1"
    shift
    msg "error: $format" "$@"
}

fail() {
    status=$1
    shift
    unset BOOTSTRAP_SCRIPT
    err "$@"
    exit "$status"
}

# Its lines are those of the functions above, for scripts that are not bash's.
write_tool() {
    printf '#!%s\nformat=$1\nshift\nprintf "%%s: %s$format\\n" "${BOOTSTRAP_SCRIPT:-bootstrap.sh}" "$@" >&2\n' \
        "$shell" "$2" >"$tools/$1"
    chmod 755 "$tools/$1"
}

# A folder that is worked on, and not handed over, is in a work tree.
is_in_work_tree() {
    folder=$BOOTSTRAP_DIR
    while [ -n "$folder" ]; do
        [ ! -e "$folder/.git" ] || return 0
        folder=${folder%/*}
    done
    [ -e /.git ]
}

# For whoever logs in to run it; what else is in the folder can be read by root alone.
install_workload() {
    mkdir -p /run/pandacap && chmod 711 /run/pandacap && rm -f /run/pandacap/workload &&
        cp workload.sh /run/pandacap/workload && chmod 755 /run/pandacap/workload || return
    # Systems that start from an initial file system of Debian's own can run nothing that lies in /run.
    [ ! -x /run/pandacap/workload ] || return 0
    mkdir -p /var/lib/pandacap && mv /run/pandacap/workload /var/lib/pandacap &&
        ln -s /var/lib/pandacap/workload /run/pandacap
}

case $0 in */*) cd "${0%/*}" ;; esac || exit
BOOTSTRAP_DIR=$(pwd -P)
BOOTSTRAP_SCRIPTS_DIR=$BOOTSTRAP_DIR/scripts
BOOTSTRAP_FILES_DIR=$BOOTSTRAP_DIR/files
BOOTSTRAP_ENV=$BOOTSTRAP_DIR/bootstrap.env
export BOOTSTRAP_DIR BOOTSTRAP_SCRIPTS_DIR BOOTSTRAP_FILES_DIR BOOTSTRAP_ENV

shell=$(command -v bash) || shell=/bin/sh
tools=$(mktemp -d) || fail 1 'cannot make a temporary folder'
trap 'rm -rf "$tools"' EXIT
trap 'exit 143' HUP INT TERM
write_tool msg ''
write_tool err 'error: '
export PATH="$tools:$PATH"
# shellcheck disable=SC3045 # bash's
[ -z "${BASH_VERSION:-}" ] || export -f msg err

if [ -f "$BOOTSTRAP_ENV" ]; then
    "$shell" -n "$BOOTSTRAP_ENV" || fail 2 'bootstrap.env is no script that can be read'
    # shellcheck disable=SC1090 # the bundle's
    . "$BOOTSTRAP_ENV"
fi

for script in "$BOOTSTRAP_SCRIPTS_DIR"/[0-9]*.sh; do
    [ -f "$script" ] || continue
    export BOOTSTRAP_SCRIPT="${script##*/}"
    "$script"
    status=$?
    printf 'bootstrap.sh: %s: status %s\n' "$BOOTSTRAP_SCRIPT" "$status"
    [ "$status" -eq 0 ] ||
        fail "$status" '%s ended with status %s; nothing after it was run' "$BOOTSTRAP_SCRIPT" "$status"
done
unset BOOTSTRAP_SCRIPT

if [ -f workload.sh ]; then
    install_workload || fail 1 'workload.sh cannot be installed as /run/pandacap/workload'
fi

if [ "${BOOTSTRAP_CLEAN:-}" = y ]; then
    if is_in_work_tree; then
        msg 'nothing is removed from %s, which is in a git work tree' "$BOOTSTRAP_DIR"
    else
        rm -rf "${BOOTSTRAP_DIR:?}"/* "$BOOTSTRAP_DIR"/.[!.]* "$BOOTSTRAP_DIR"/..?*
        # Where something is mounted on it, it stays, empty.
        rmdir "$BOOTSTRAP_DIR" 2>/dev/null
    fi
fi
exit 0
