#!/bin/sh
# Lets root and VM_USER log in with the key of this run.
set -eu

authorize() {
    home=$(getent passwd "$1" | cut -d : -f 6)
    mkdir -p -m 700 "$home/.ssh"
    grep -qxF -f "$BOOTSTRAP_FILES_DIR/id_ed25519.pub" "$home/.ssh/authorized_keys" 2>/dev/null ||
        cat "$BOOTSTRAP_FILES_DIR/id_ed25519.pub" >>"$home/.ssh/authorized_keys"
    chmod 600 "$home/.ssh/authorized_keys"
    chown -R "$1:" "$home/.ssh"
}

authorize root
if id -u "$VM_USER" >/dev/null 2>&1; then
    authorize "$VM_USER"
else
    msg "there is no user '%s' in this guest; only root may log in" "$VM_USER"
fi
