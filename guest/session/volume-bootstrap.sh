#!/bin/sh
# Runs session.sh from a volume, and the user's bundle after it, as far as they are there, for a guest whose own script
# looks for a volume; and tells the host how each ended.
set -u
case $0 in */*) cd "${0%/*}" || exit 1 ;; esac
port=/dev/ttyS1

ended='volume-bootstrap.sh: it ended: '

# Tells the host what a script writes and how it ends. The pipe's end would not come before that of each daemon that the
# script started.
report() {
    while IFS= read -r line; do
        case $line in
        *"$ended"*)
            text=${line%"$ended"*}
            [ -z "$text" ] || printf '| %s\n' "$text"
            printf 'done %s\n' "${line##*"$ended"}"
            break
            ;;
        *) printf '| %s\n' "$line" ;;
        esac
    done >&3
}

stty raw -echo 115200 < "$port"
exec 3> "$port"
printf 'pandacap-agent 2 ready\n' >&3
[ ! -f session.sh ] || { sh session.sh < /dev/null 2>&1 3>&-; echo "$ended$?"; } | report
[ -d bundle ] || exit 0
{ (cd bundle && ./bootstrap.sh) < /dev/null 2>&1 3>&-; echo "$ended$?"; } | report
