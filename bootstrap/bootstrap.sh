#!/bin/sh
# Runs the scripts of a bundle in order, in a container or in a guest, and stops at the first that fails.
#
# Scripts find BOOTSTRAP_DIR, BOOTSTRAP_SCRIPTS_DIR, BOOTSTRAP_FILES_DIR, BOOTSTRAP_ENV and what bootstrap.env exports,
# and may say something with 'msg FORMAT WORD...' and 'err FORMAT WORD...'. How each ends is told on a line of its own,
# which the host reads: 'bootstrap.sh: NAME: status N'.
if [ -z "${BASH_VERSION:-}" ] && command -v bash >/dev/null; then exec bash "$0" "$@"; fi
set -u

BOOTSTRAP_DIR=$(cd "$(dirname "$0")" && pwd -P) || exit 1
BOOTSTRAP_SCRIPTS_DIR=$BOOTSTRAP_DIR/scripts
BOOTSTRAP_FILES_DIR=$BOOTSTRAP_DIR/files
BOOTSTRAP_ENV=$BOOTSTRAP_DIR/bootstrap.env
BOOTSTRAP_SCRIPT=bootstrap.sh
export BOOTSTRAP_DIR BOOTSTRAP_SCRIPTS_DIR BOOTSTRAP_FILES_DIR BOOTSTRAP_ENV BOOTSTRAP_SCRIPT

msg() {
    bootstrap_format=$1
    shift
    # shellcheck disable=SC2059 # the format is the caller's
    printf "%s: $bootstrap_format\n" "${BOOTSTRAP_SCRIPT:-$0}" "$@" >&2
}
err() { msg "$@"; }

# As functions for scripts of bash, whose printf has %q, and as programs for all others.
# shellcheck disable=SC3045 # only where it is bash
[ -z "${BASH_VERSION:-}" ] || export -f msg err
programs=$(mktemp -d) || exit 1
trap 'rm -rf "$programs"' EXIT
for program in msg err; do
    cat >"$programs/$program" <<'END'
#!/bin/sh
format=$1
shift
printf "%s: $format\n" "$BOOTSTRAP_SCRIPT" "$@" >&2
END
    chmod 755 "$programs/$program"
done
PATH=$programs:$PATH

for folder in "$BOOTSTRAP_SCRIPTS_DIR" "$BOOTSTRAP_FILES_DIR"; do
    [ -d "$folder" ] || { err "there is no folder %s" "$folder"; exit 1; }
done

# What it sets is for the scripts, whether it says 'export' or not.
if [ -f "$BOOTSTRAP_ENV" ]; then
    set +u -a
    # shellcheck source=/dev/null
    . "$BOOTSTRAP_ENV" || { err "%s failed" "$BOOTSTRAP_ENV"; exit 1; }
    set -u +a
fi

for script in "$BOOTSTRAP_SCRIPTS_DIR"/[0-9]*.sh; do
    [ -e "$script" ] || continue
    BOOTSTRAP_SCRIPT=${script##*/}
    status=0
    "$script" || status=$?
    echo "bootstrap.sh: $BOOTSTRAP_SCRIPT: status $status"
    BOOTSTRAP_SCRIPT=bootstrap.sh
    [ "$status" -eq 0 ] || { err "%s failed with status %s" "${script##*/}" "$status"; exit "$status"; }
done

# What is recorded: it is started when this folder is gone.
if [ -f "$BOOTSTRAP_DIR/workload.sh" ]; then
    mkdir -p /run/pandacap
    cp "$BOOTSTRAP_DIR/workload.sh" /run/pandacap/workload
    chmod 755 /run/pandacap/workload
fi

# Never what somebody works on: a folder in a git work tree.
if [ "${BOOTSTRAP_CLEAN:-}" = y ]; then
    above=$BOOTSTRAP_DIR
    while [ ! -e "$above/.git" ] && [ -n "$above" ]; do above=${above%/*}; done
    if [ -n "$above" ]; then
        err "%s is in a git work tree and stays" "$BOOTSTRAP_DIR"
    else
        msg "removing %s" "$BOOTSTRAP_DIR"
        # A volume's own folder cannot go.
        rm -rf "$BOOTSTRAP_DIR" 2>/dev/null || :
    fi
fi
