#!/bin/sh
# Removes from a guest that is about to be saved what the logins before it left behind; the guest's agent runs it.
# Where there is files/strip, the guest's disk is to be an image, and what tells its guests apart is removed, too.
set -eu

# A server that waits stays; those of the logins that are over may take a moment to leave.
rm -rf "$HOME/.ssh" /run/pandacap/session
for file in "$HOME/.ash_history" "$HOME/.bash_history"; do rm -f "$file"; done
for log in /var/log/wtmp /var/log/btmp /var/log/lastlog /var/log/auth.log; do
    [ ! -f "$log" ] || : > "$log"
done
if [ -f files/strip ]; then
    rm -f /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub
    [ ! -e /etc/machine-id ] || : > /etc/machine-id
fi
sync
