# Shared by the programs of this folder: finds JDK 25, nats-server and minio, and says what is missing.
# shellcheck shell=bash

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
TOOLS_DIR="$ROOT/.tools"
RUN_DIR="$ROOT/.run"
SERVER_DIR="$ROOT/server/target/server"
NATS_SERVER_MODULE="github.com/nats-io/nats-server/v2@v2.15.2"
# its releases have no versions that Go modules know
MINIO_MODULE="github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c"

fail()
{
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Prints the feature version of the JDK in folder $1, nothing when there is none.
jdk_version()
{
    [[ -x "$1/bin/javac" && -f "$1/release" ]] || return 0
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# Sets and exports JAVA_HOME to a JDK 25 or newer, whatever java is first on PATH.
find_jdk()
{
    local candidate version best=""
    for candidate in "${JAVA_HOME:-}" \
        /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
        [[ -n "$candidate" ]] || continue
        version="$(jdk_version "$candidate")"
        [[ -n "$version" && "$version" -ge 25 ]] || continue
        best="$candidate"
        break
    done
    [[ -n "$best" ]] || fail "no JDK 25 was found. Install one (for example Temurin 25) and set JAVA_HOME to its folder.
       Looked at JAVA_HOME (${JAVA_HOME:-not set}), /usr/lib/jvm, /usr/java, /opt, ~/.sdkman, ~/.jdks and macOS' folders."
    export JAVA_HOME="$best"
    JAVA="$JAVA_HOME/bin/java"
}

# True when program $1 is a nats-server of version 2.11 or newer.
nats_server_is_usable()
{
    local version major minor
    [[ -x "$1" ]] || return 1
    version="$("$1" --version 2>/dev/null | sed -n 's/.*v\([0-9]*\.[0-9]*\).*/\1/p')"
    [[ -n "$version" ]] || return 1
    major="${version%%.*}"
    minor="${version#*.}"
    [[ "$major" -gt 2 || ( "$major" -eq 2 && "$minor" -ge 11 ) ]]
}

# Sets and exports NATS_SERVER to a nats-server program, which is installed into .tools when there is none.
find_nats_server()
{
    local candidate
    for candidate in "${NATS_SERVER:-}" "$(command -v nats-server || true)" "$HOME/go/bin/nats-server" "$TOOLS_DIR/bin/nats-server"; do
        if [[ -n "$candidate" ]] && nats_server_is_usable "$candidate"; then
            export NATS_SERVER="$candidate"
            return
        fi
    done
    local advice="Install nats-server 2.11 or newer and put it on PATH, or set NATS_SERVER to the program,
       or install Go, then it is built here with: go install $NATS_SERVER_MODULE"
    command -v go >/dev/null || fail "no nats-server of version 2.11 or newer was found. $advice"
    printf 'Installing nats-server into .tools (go install %s) ...\n' "$NATS_SERVER_MODULE"
    GOBIN="$TOOLS_DIR/bin" go install "$NATS_SERVER_MODULE" || fail "nats-server could not be installed. $advice"
    nats_server_is_usable "$TOOLS_DIR/bin/nats-server" || fail "the installed nats-server does not run. $advice"
    export NATS_SERVER="$TOOLS_DIR/bin/nats-server"
}

# Sets and exports MINIO to a minio program, the object store of tests, which is installed into .tools when there is none.
find_minio()
{
    local candidate
    for candidate in "${MINIO:-}" "$(command -v minio || true)" "$HOME/go/bin/minio" "$TOOLS_DIR/bin/minio"; do
        if [[ -n "$candidate" && -x "$candidate" ]] && "$candidate" --version 2>/dev/null | grep -q '^minio version'; then
            export MINIO="$candidate"
            return
        fi
    done
    local advice="Install minio (the server, not its client mc) and put it on PATH, or set MINIO to the program,
       or install Go, then it is built here with: go install $MINIO_MODULE"
    command -v go >/dev/null || fail "no minio was found. $advice"
    printf 'Installing minio into .tools (go install %s), which takes minutes ...\n' "$MINIO_MODULE"
    GOBIN="$TOOLS_DIR/bin" go install "$MINIO_MODULE" || fail "minio could not be installed. $advice"
    "$TOOLS_DIR/bin/minio" --version >/dev/null || fail "the installed minio does not run. $advice"
    export MINIO="$TOOLS_DIR/bin/minio"
}

port_is_used()
{
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Prints a loopback port that nobody listens on.
free_port()
{
    local port attempt
    for attempt in {1..100}; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        if ! port_is_used "$port"; then
            printf '%s\n' "$port"
            return
        fi
    done
    fail "no free port was found after $attempt attempts"
}

# Prints what tells a process from a later one with the same number: its start time. Nothing when there is no such process.
process_identity()
{
    ps -o lstart= -p "$1" 2>/dev/null | tr -s ' '
}

# Notes in file $1 that process $2 was started from here.
note_process()
{
    printf '%s\n%s\n' "$2" "$(process_identity "$2")" > "$1"
}

# Prints the process noted in file $1 if it still runs; nothing when it has ended or the number belongs to another one now.
noted_process()
{
    local pid identity
    [[ -f "$1" ]] || return 0
    { read -r pid && read -r identity; } < "$1" || return 0
    if [[ -n "$identity" && "$(process_identity "$pid" | sed 's/^ *//;s/ *$//')" == "$(sed 's/^ *//;s/ *$//' <<< "$identity")" ]]; then
        printf '%s\n' "$pid"
    fi
}

# Ends the process noted in file $1, kindly first.
stop_noted_process()
{
    local pid attempt
    pid="$(noted_process "$1")"
    if [[ -n "$pid" ]]; then
        kill "$pid" 2>/dev/null || true
        for attempt in {1..100}; do
            [[ -n "$(noted_process "$1")" ]] || break
            [[ "$attempt" -ne 80 ]] || kill -9 "$pid" 2>/dev/null || true
            sleep 0.1
        done
    fi
    rm -f "$1"
}

# True when what is built is older than a source file.
build_is_stale()
{
    local built="$SERVER_DIR/lib"
    [[ -d "$built" && -f "$ROOT/server/target/built" ]] || return 0
    [[ -n "$(find "$ROOT/pom.xml" "$ROOT"/{server,trino-nats,trino-lance-namespace}/{pom.xml,src/main} -newer "$ROOT/server/target/built" -print -quit)" ]]
}

# Builds the plugins and the server when needed; needs find_jdk.
build_if_needed()
{
    # the end-to-end tests run in the very build that has made the server
    if [[ -n "${STREAMLANCE_BUILT:-}" ]] || ! build_is_stale; then
        return
    fi
    mkdir -p "$RUN_DIR"
    printf 'Building the plugins and the server, the log is in .run/build.log '
    (cd "$ROOT" && exec ./mvnw -B -ntp -pl server -am package -Dmaven.test.skip=true -Dair.check.skip-all=true > "$RUN_DIR/build.log" 2>&1) &
    local pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        printf '.'
        sleep 2
    done
    printf '\n'
    if ! wait "$pid"; then
        tail -n 30 "$RUN_DIR/build.log" >&2
        fail "the build failed, see .run/build.log"
    fi
    touch "$ROOT/server/target/built"
}
