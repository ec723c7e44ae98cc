#!/bin/bash
# For PAM: has PANDA begin a recording when one of some users logs in.
[ -n "$PAM_USER" ] || exit 10
[ "$PAM_TYPE" = open_session ] || exit 0
case $PAM_USER in
panda | root) /usr/local/sbin/recctrlu "$PAM_TYPE" "${PAM_USER}_session" ;;
esac
