#!/bin/sh
# Shells on port 22, files on port 2222.
set -eu

folder=/etc/ssh/sshd_config.d
if ! grep -q "^Include $folder/" /etc/ssh/sshd_config; then
    err '/etc/ssh/sshd_config does not include what is in %s' "$folder"
    exit 1
fi
# sshd takes the first value it meets, and these files in the order of their names.
cp "$BOOTSTRAP_FILES_DIR/sshd.conf" "$folder/00-bootstrap.conf"
cp "$BOOTSTRAP_FILES_DIR/ssh.txt" "$BOOTSTRAP_FILES_DIR/sftp.txt" /etc/ssh
sshd -t
service ssh restart
