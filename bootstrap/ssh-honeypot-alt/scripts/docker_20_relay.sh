#!/bin/sh
# What visitors run, whatever they ask for.
set -eu
mkdir -p /etc/pandacap/asciinema
cp "$BOOTSTRAP_FILES_DIR/asciinema.conf" /etc/pandacap/asciinema/config
cp "$BOOTSTRAP_FILES_DIR/relay-session.sh" /usr/local/bin/relay-session
chmod 755 /usr/local/bin/relay-session
