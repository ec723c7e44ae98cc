#!/bin/sh
# What workload.sh runs the command with.
set -eu
mkdir -p /usr/local/sbin
cp "$BOOTSTRAP_FILES_DIR/limited" /usr/local/sbin/limited
chmod 755 /usr/local/sbin/limited
