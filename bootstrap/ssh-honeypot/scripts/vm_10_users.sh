#!/bin/sh
# Lets root and VM_USER log in with the key of this run.
set -eu

. "$BOOTSTRAP_FILES_DIR/authorize.sh"

authorize root
if id -u "$VM_USER" >/dev/null 2>&1; then
    authorize "$VM_USER"
else
    msg "there is no user '%s' in this guest; only root may log in" "$VM_USER"
fi
