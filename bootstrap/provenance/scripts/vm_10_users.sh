#!/bin/sh
# Makes VM_USER where he is not there, and lets him and root log in with the key of this run.
set -eu

. "$BOOTSTRAP_FILES_DIR/authorize.sh"

if ! id -u "$VM_USER" >/dev/null 2>&1; then
    getent group "$VM_USER_GROUP" >/dev/null || groupadd --gid "$VM_USER_GID" "$VM_USER_GROUP"
    useradd --create-home --shell /bin/bash --uid "$VM_USER_UID" --gid "$VM_USER_GROUP" "$VM_USER"
fi
authorize root
authorize "$VM_USER"
