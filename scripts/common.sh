# Sourced by the other scripts: where things are, and how the two programs are started.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
server_jar=$root/kv-server/target/kv-server.jar
client_jar=$root/kv-client/target/kv-client.jar
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

# Servers: a fixed small heap, and no life after running out of it.
server_options=${KV_SERVER_JAVA_OPTS:--Xmx512m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError}
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
