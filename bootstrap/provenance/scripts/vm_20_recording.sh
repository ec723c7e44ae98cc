#!/bin/sh
# Has PAM tell PANDA when a session of root or VM_USER begins and ends.
set -eu

hook=/usr/local/sbin/record-session
service=/etc/pam.d/sshd
users=/etc/pandacap/recorded-users

if [ ! -f "$service" ]; then
    err 'there is no %s: this guest has no SSH server with PAM' "$service"
    exit 1
fi
if [ ! -x "$hook" ]; then
    if [ ! -x /usr/local/sbin/recctrlu ]; then
        err 'there is no /usr/local/sbin/recctrlu in this guest to begin a recording with'
        exit 1
    fi
    cp "$BOOTSTRAP_FILES_DIR/record-session" "$hook"
    chmod 755 "$hook"
fi
grep -qF "$hook" "$service" || printf 'session optional pam_exec.so quiet %s\n' "$hook" >>"$service"

mkdir -p "${users%/*}"
for user in root "$VM_USER"; do
    id -u "$user" >/dev/null 2>&1 || continue
    grep -qxF -e "$user" "$users" 2>/dev/null || printf '%s\n' "$user" >>"$users"
done
