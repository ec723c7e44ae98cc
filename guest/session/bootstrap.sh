#!/bin/sh
# What every run does to its guest before the recording; the guest's agent runs it, in the bundle's folder.
set -eu
umask 077

# A guest that was saved and resumed has its siblings' time, random numbers and names.
read -r seconds nanoseconds < files/time
read -r uptime rest < /proc/uptime
passed=$((${uptime%.*}${uptime#*.} - ${asked_at:-${uptime%.*}${uptime#*.}}))
files/renew "$seconds" "$nanoseconds" "$passed" < files/seed
[ ! -e /etc/machine-id ] || cat files/machine-id > /etc/machine-id
if [ -f files/hostname ]; then
    former=$(hostname)
    hostname -F files/hostname
    cat files/hostname > /etc/hostname
    sed "s/\\b$former\\b/$(cat files/hostname)/g" /etc/hosts > hosts
    cat hosts > /etc/hosts
fi

mkdir -p "$HOME/.ssh" /run/pandacap
cat files/authorized_keys > "$HOME/.ssh/authorized_keys"
[ ! -f files/session ] || cat files/session > /run/pandacap/session

# The ssh servers read their keys anew for each connection.
if command -v dropbearconvert > /dev/null; then
    mkdir -p /etc/dropbear
    dropbearconvert openssh dropbear files/ssh_host_ed25519_key new_key 2> /dev/null
    mv new_key /etc/dropbear/dropbear_ed25519_host_key
else
    cp files/ssh_host_*_key files/ssh_host_*_key.pub /etc/ssh
    chmod 644 /etc/ssh/ssh_host_*_key.pub
fi
