# Sourced by the other scripts: where things are, and how the two programs are started.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
server_jar=$root/kv-server/target/kv-server.jar
client_jar=$root/kv-client/target/kv-client.jar
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

# Servers: a fixed small heap, no full collection when the first scrape loads classes, and no life
# after running out of memory.
server_options="-Xmx512m -XX:MetaspaceSize=64m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError"
server_options=${KV_SERVER_JAVA_OPTS:-$server_options}
# The command line client lives for a moment: start fast rather than run fast.
client_options=${KV_JAVA_OPTS:--Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto}

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

# Builds the two programs if they are not there. Tests are scripts/check's business.
build_if_missing() {
  if [[ ! -f $server_jar || ! -f $client_jar ]]; then
    echo "+ mvn -q package -DskipTests (once)" >&2
    (cd "$root" && mvn -q -B -ntp package -DskipTests >&2) || fail "the build failed"
  fi
}

# Compiles the tests of module $1 if something they need has changed, and sets classpath to theirs.
find_test_classpath() {
  local file=$1/target/sim-classpath run
  if [[ ! -f $file || ! -d $1/target/test-classes ||
    $(find paxos-core/src/main paxos-sim/src kv-client/src/main kv-server/src -newer "$file" \
      -name '*.java' -print -quit) ]]; then
    run=(mvn -q -B -ntp test-compile dependency:build-classpath
      -Dmdep.outputFile=target/sim-classpath -Dmdep.includeScope=test -pl "$1" -am)
    echo "+ ${run[*]}" >&2
    "${run[@]}" >&2 || fail "the build failed"
  fi
  classpath=$1/target/test-classes:$1/target/classes:$(cat "$file")
}

# Starts the load of numbered tokens on the servers $1, one token each $2 ms and writer, as the
# coprocess LOAD; it ends with this script.
start_load() {
  # shellcheck disable=SC2086 # options are words
  coproc LOAD {
    exec "$java" $client_options -cp "$client_jar" \
      "$root/kv-client/src/test/java/dev/paxoskv/client/load/TokenLoad.java" "$1" "$2"
  }
  load_pid=$LOAD_PID
}

# Has the load do $1, and prints its answer.
ask_load() {
  local answer
  echo "$1" >&"${LOAD[1]}"
  read -r -t 200 -u "${LOAD[0]}" answer || fail "the load does not answer"
  echo "$answer"
}

# The load pauses and compares what it was told with what is there.
check_load() {
  load_answer=$(ask_load check)
  [[ $load_answer == ok* ]] || fail "$load_answer"
}
