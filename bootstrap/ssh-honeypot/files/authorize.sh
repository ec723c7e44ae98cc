# For scripts that let a user in with the key of this run: authorize USER.
authorize() {
    home=$(getent passwd "$1" | cut -d : -f 6)
    mkdir -p -m 700 "$home/.ssh"
    grep -qxF -f "$BOOTSTRAP_FILES_DIR/id_ed25519.pub" "$home/.ssh/authorized_keys" 2>/dev/null ||
        cat "$BOOTSTRAP_FILES_DIR/id_ed25519.pub" >>"$home/.ssh/authorized_keys"
    chmod 600 "$home/.ssh/authorized_keys"
    chown -R "$1:" "$home/.ssh"
}
