# shellcheck shell=bash
# The local API for a proof: sourced, with the workspace's root as the current
# folder and a folder in $work.
#
#   serve [OPTIONS]   starts it on a free port and waits until it serves. OPTIONS are
#                     those of `roster`; without a folder, its table is in memory.
#   field NAME        prints a field of its ready file: url, admin_key, …
#   end_server        ends it, as SIGTERM must
#   $server           its process; empty where none runs
#   $roster           the program; another build where that is set before

roster=${roster:-${CARGO_TARGET_DIR:-target}/debug/roster}
server=

serve() {
    rm -f "$work/ready"
    [ $# -gt 0 ] || set -- --memory
    "$roster" "$@" --port 0 --ready-file "$work/ready" 2>"$work/log" >"$work/requests" &
    server=$!
    local tries
    for tries in $(seq 150); do
        [ -s "$work/ready" ] && return
        kill -0 "$server" 2>/dev/null || break
        sleep 0.2
    done
    echo "the local API did not start" >&2
    cat "$work/log" >&2
    exit 1
}

field() {
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$work/ready" "$1"
}

end_server() {
    kill -TERM "$server"
    wait "$server" || { echo "SIGTERM must end it cleanly" >&2; cat "$work/log" >&2; exit 1; }
    server=
}

# For the end of a proof, however it comes.
kill_server() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
}
