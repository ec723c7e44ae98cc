#!/bin/sh
# Has what sshd says of logins printed on the console, too, which the host keeps: user names that were tried.
set -eu

folder=/etc/rsyslog.d
if [ ! -d "$folder" ]; then
    msg 'there is no %s in this guest; names that visitors try stay in it' "$folder"
    exit 0
fi
printf 'auth,authpriv.info /dev/console\n' >"$folder/00-bootstrap-console.conf"
service rsyslog restart
