#!/bin/sh
# Puts the sample where its user can run it, and what workload.sh runs it with.
set -eu

if [ ! -f "$BOOTSTRAP_FILES_DIR/$SAMPLE" ]; then
    err "there is no file '%s' in the bundle; add it with --add" "$SAMPLE"
    exit 1
fi
# The arguments are in there as they were given.
if ! sh -n "$BOOTSTRAP_DIR/workload.sh"; then
    err 'SAMPLE_ARGUMENTS must be words as a shell takes them'
    exit 1
fi

mkdir -p /opt/sample /usr/local/sbin
cp "$BOOTSTRAP_FILES_DIR/$SAMPLE" "/opt/sample/$SAMPLE"
chmod 755 "/opt/sample/$SAMPLE"
cp "$BOOTSTRAP_FILES_DIR/limited" /usr/local/sbin/limited
chmod 755 /usr/local/sbin/limited
