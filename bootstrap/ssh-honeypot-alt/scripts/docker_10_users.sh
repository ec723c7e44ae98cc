#!/bin/sh
# Makes DOCKER_USER where he is not there, and gives him and root the key of this run, which opens the guest.
set -eu

own_key() {
    home=$(getent passwd "$1" | cut -d : -f 6)
    mkdir -p -m 700 "$home/.ssh"
    cp "$BOOTSTRAP_FILES_DIR/id_ed25519" "$home/.ssh/id_ed25519"
    chmod 600 "$home/.ssh/id_ed25519"
    chown -R "$1:" "$home/.ssh"
}

if ! id -u "$DOCKER_USER" >/dev/null 2>&1; then
    getent group "$DOCKER_USER_GROUP" >/dev/null || groupadd --gid "$DOCKER_USER_GID" "$DOCKER_USER_GROUP"
    useradd --create-home --shell /bin/bash --uid "$DOCKER_USER_UID" --gid "$DOCKER_USER_GROUP" "$DOCKER_USER"
fi
own_key root
own_key "$DOCKER_USER"

# Casts lie beside PANDA's recordings. One that is mounted from the host keeps its owner.
if [ ! -d "$PANDA_PATH/share/rr" ]; then
    mkdir -p "$PANDA_PATH/share/rr"
    chown "$DOCKER_USER:" "$PANDA_PATH/share/rr"
fi
setpriv --reuid "$DOCKER_USER" --regid "$DOCKER_USER_GROUP" --init-groups test -w "$PANDA_PATH/share/rr" ||
    msg '%s cannot write to %s: his sessions are not recorded as casts' "$DOCKER_USER" "$PANDA_PATH/share/rr"
