# Holds one scratch server for as long as its standard input is open: when whoever started it is gone, for whatever reason (an orderly stop,
# Ctrl-C, SIGKILL), the pipe closes, the server is stopped at once and its folder removed. Runs as the user that the server runs as.
#
# usage: sh -c <this> leash BINARIES BASE [BASE...] -- [server option...]
# Says on standard output "folder PATH" and then "initialized"; what initdb and the server say goes to standard error.
# Exit codes of its own: 70 no folder could be made, 71 initdb failed.

# Ctrl-C reaches the whole foreground process group, and only the pipe is to decide here. The server handles SIGINT whatever it inherits, so
# it gets a session of its own where there is a command for that.
trap '' HUP INT QUIT TERM
session=$(command -v setsid)
ulimit -c 0
umask 077
cd /

binaries=$1
shift
folder=
while [ "$1" != -- ]; do
    [ -n "$folder" ] || folder=$(mktemp -d "$1/plint.XXXXXX") || folder=
    shift
done
shift
[ -n "$folder" ] || exit 70
echo "folder $folder"

# Background jobs of a shell read /dev/null, so the watcher gets the pipe by another number.
exec 3<&0 </dev/null
held() {
    (
        trap - TERM
        exec $session "$@" >&2 3<&-
    ) &
    child=$!
    (
        read -r _ <&3
        # SIGQUIT is an immediate shutdown, but background jobs ignore it until the server has set up its handlers; SIGTERM ends it before that.
        tries=0
        while kill -QUIT "$child" && kill -TERM "$child"; do
            tries=$((tries + 1))
            [ "$tries" -lt 100 ] || kill -KILL "$child"
            sleep 0.1 || sleep 1
        done
    ) >/dev/null 2>&1 &
    watcher=$!
    wait "$child"
    code=$?
    kill -KILL "$watcher" 2>/dev/null
    wait "$watcher" 2>/dev/null
    return "$code"
}

held "$binaries/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --no-locale --no-sync --no-instructions
if [ "$?" -ne 0 ]; then
    rm -rf "$folder"
    exit 71
fi
echo initialized

held "$binaries/postgres" -D "$folder/data" -c "unix_socket_directories=$folder" "$@"
code=$?
rm -rf "$folder"
exit "$code"
