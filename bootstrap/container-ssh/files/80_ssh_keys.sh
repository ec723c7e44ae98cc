#!/bin/sh
# Makes the host keys of this container, and collects the keys that may log in: those that were built in, and those of
# the bundle that is mounted, the run's own with them.
set -eu
ssh-keygen -A >/dev/null
# Of this container's former life, if it is started again.
rm -f /run/sshd.pid
mkdir -p /run/sshd /run/pandacap-ssh
chmod 755 /run/sshd /run/pandacap-ssh
{
    cat /etc/pandacap/ssh/built_in_keys
    for key in "${PANDA_PATH:-/opt/panda}"/share/bootstrap/files/*.pub; do
        [ ! -f "$key" ] || { cat "$key" && echo; }
    done
} >/run/pandacap-ssh/authorized_keys
chmod 644 /run/pandacap-ssh/authorized_keys
