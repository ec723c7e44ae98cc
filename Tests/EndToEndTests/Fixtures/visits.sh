#!/bin/bash
# Runs the container's side of a bundle, with a plain SSH server standing for the guest, and visits it. What visitors
# get goes to /results: NAME.out, NAME.err and NAME.status.
set -eu
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
ip link set lo up
mkdir -p /run/sshd

useradd --create-home --shell /bin/bash --password '*' guest
for home in /root /home/guest; do
    mkdir -p "$home/.ssh"
    cp /bundle/files/id_ed25519.pub "$home/.ssh/authorized_keys"
done
chown -R guest: /home/guest/.ssh
cat >/etc/ssh/guest_config <<'END'
Port 10000
ListenAddress 127.0.0.1
HostKey /etc/ssh/ssh_host_ed25519_key
PidFile /run/guest.pid
Subsystem sftp /usr/lib/openssh/sftp-server
SetEnv PLACE=guest
END
/usr/sbin/sshd -f /etc/ssh/guest_config
/bundle/bootstrap.sh >/results/bootstrap.out 2>&1

options=(
    -F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o PubkeyAuthentication=no
    -o NumberOfPasswordPrompts=1
)
# The files of the result, and then the words of ssh.
visit() {
    local name=$1 status=0
    shift
    timeout 60 sshpass -p "any $RANDOM" ssh -e none "${options[@]}" "$@" >"/results/$name.out" 2>"/results/$name.err" ||
        status=$?
    echo "$status" >"/results/$name.status"
}
wait_until() {
    local tries=0
    until "$@"; do [ $((tries += 1)) -lt 100 ] && sleep 0.1 || return; done
}
user=visitor@127.0.0.1

visit command "$user" 'echo "$PLACE"; id -un; echo wrong >&2; exit 5' </dev/null
visit quiet -q "$user" 'echo wrong >&2' </dev/null
visit root root@127.0.0.1 'echo "$PLACE"; id -un' </dev/null
visit stranger daemon@127.0.0.1 id </dev/null
visit injection "$user" 'echo "$(touch "/tmp/injected-$PLACE") it'"'"'s   `echo quoted`"' </dev/null
visit option "$user" -- '-oProxyCommand=touch /tmp/option' </dev/null
visit nosftp "$user" $'sftp-server;\ntouch /tmp/sftp-$PLACE' </dev/null
visit bytes "$user" $'echo \xff; echo "$PLACE"' </dev/null
visit terminal -tt "$user" 'tty; seq 1 20000; exit 3' </dev/null
# Keys that would pause a recording, and talk to the client that leads on to the guest.
for keys in '' 'echo x$((6 * 7))\n' '\034' 'echo unpaused\n' '~.\n' 'exit 6\n'; do
    sleep 1
    # shellcheck disable=SC2059 # with the escape sequences above
    printf "$keys"
done | visit shell -tt "$user"
TERM='$(touch /tmp/term)' visit term -tt "$user" 'echo "<$TERM>"' </dev/null
ls /tmp >/results/tmp.out

head -c 1000000 /dev/urandom >/root/sent
visit pipe "$user" cat </root/sent
cmp /root/sent /results/pipe.out && echo same >/results/pipe.same
for way in '-s sftp' 'sftp-server' '/usr/lib/openssh/sftp-server'; do
    case $way in -s*) words=(-s "$user" sftp) ;; *) words=("$user" "$way") ;; esac
    printf 'put /root/sent /home/guest/put\nget /home/guest/put /root/got\n' >/root/batch
    rm -f /root/got
    sftp -b /root/batch -D "sshpass -p any ssh ${options[*]} ${words[*]}" >/dev/null 2>>/results/sftp.err || :
    cmp /root/sent /root/got && echo "$way"
done >/results/sftp.out

# Visitors who go without a word.
for kind in -T -tt; do
    { sleep 30 | sshpass -p any ssh -q "${options[@]}" $kind "$user" 'echo here; sleep 4711' >"/tmp/gone$kind"; } &
    wait_until grep -qs here "/tmp/gone$kind"
    pkill -f "ssh .* $kind $user"
    wait_until eval '! pgrep -f "relay-session|asciinema|-l guest"' >/dev/null || echo "$kind stays"
done >/results/gone.out 2>&1

chmod 555 /opt/panda/share/rr
ls /opt/panda/share/rr | wc -l >/results/casts.before
visit uncast "$user" 'exit 4' </dev/null
visit uncast-terminal -tt "$user" 'exit 4' </dev/null
ls /opt/panda/share/rr | wc -l >/results/casts.after
chmod 777 /opt/panda/share/rr
echo done >/results/done.out
