#!/bin/sh
# What every run does to its guest before the recording; the guest's agent runs it, in the bundle's folder.
set -eu
umask 077

# A guest that was saved and resumed would have its siblings' random numbers.
cat files/seed > /dev/urandom

mkdir -p "$HOME/.ssh" /run/pandacap
cat files/authorized_keys > "$HOME/.ssh/authorized_keys"
[ ! -f files/session ] || cat files/session > /run/pandacap/session

# The host key is told through the agent, so that the host need not trust the first key it meets.
if command -v dropbearkey > /dev/null; then
    key=/etc/dropbear/dropbear_ed25519_host_key
    mkdir -p "${key%/*}"
    rm -f "$key"
    dropbearkey -t ed25519 -f "$key" > /dev/null 2>&1
    public=$(dropbearkey -y -f "$key" | grep '^ssh-ed25519 ')
else
    key=/etc/ssh/ssh_host_ed25519_key
    rm -f "$key" "$key.pub"
    ssh-keygen -q -t ed25519 -N '' -f "$key"
    public=$(cat "$key.pub")
fi
echo "host-key: ${public}"
