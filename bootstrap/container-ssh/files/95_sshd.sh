#!/bin/sh
# Starts the ssh server in the background, when the bundle has done its part; the init reaps it.
set -eu
# A bundle may have started it already, in its own way.
if [ -s /run/sshd.pid ] && kill -0 "$(cat /run/sshd.pid)" 2>/dev/null; then
    exit 0
fi
exec /usr/sbin/sshd
