#!/bin/sh
# Makes VM_USER where he is not there, and lets him and root log in with the key of this run.
set -eu

authorize() {
    home=$(getent passwd "$1" | cut -d : -f 6)
    mkdir -p -m 700 "$home/.ssh"
    grep -qxF -f "$BOOTSTRAP_FILES_DIR/id_ed25519.pub" "$home/.ssh/authorized_keys" 2>/dev/null ||
        cat "$BOOTSTRAP_FILES_DIR/id_ed25519.pub" >>"$home/.ssh/authorized_keys"
    chmod 600 "$home/.ssh/authorized_keys"
    chown -R "$1:" "$home/.ssh"
}

if ! id -u "$VM_USER" >/dev/null 2>&1; then
    getent group "$VM_USER_GROUP" >/dev/null || groupadd --gid "$VM_USER_GID" "$VM_USER_GROUP"
    useradd --create-home --shell /bin/bash --uid "$VM_USER_UID" --gid "$VM_USER_GROUP" "$VM_USER"
fi
authorize root
authorize "$VM_USER"
