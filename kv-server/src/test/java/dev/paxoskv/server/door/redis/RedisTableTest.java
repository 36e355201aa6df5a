package dev.paxoskv.server.door.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Redis answers to what, here and, where {@code redis-server} is installed, there: the table
 * says the same of both, but for lines with a mark, which are about this door alone.
 */
@Timeout(60)
class RedisTableTest {
  private static final String MAX = "9223372036854775807";

  /** A request, in words parted by spaces, and its reply; ' stands for nothing, _ for a space. */
  private static final String TABLE = """
      PING | +PONG
      PING hello | "hello"
      PING a b | -ERR wrong number of arguments for 'ping' command
      ECHO hi | "hi"
      ECHO | -ERR wrong number of arguments for 'echo' command
      nonsense a b | -ERR unknown command 'nonsense', with args beginning with: 'a' 'b'_
      \u00c3\u00a4 \u00c3\u00a4 | -ERR unknown command '\u00c3\u00a4', with args beginning with: \
      '\u00c3\u00a4'_
      nonsense LONG abcdefgh c | -ERR unknown command 'nonsense', with args beginning with: \
      'LONG' 'abcde'_
      GET k | nil
      SET k v | +OK
      get k | "v"
      SET k | -ERR wrong number of arguments for 'set' command
      GET k l | -ERR wrong number of arguments for 'get' command
      SET k ' | +OK
      GET k | ""
      STRLEN k | :0
      SET k w NX | nil
      SET k w xx | +OK
      SET other w XX | nil
      SET other w NX | +OK
      SET k x NX XX | -ERR syntax error
      SET k x XX NX | -ERR syntax error
      SET k x NX NX | nil
      SET k x GET | "w"
      SET k y XX GET | "x"
      SET k z NX GET | "y"
      SET fresh a NX GET | nil
      GET fresh | "a"
      SET unset a XX GET | nil
      GET unset | nil
      SET k z BOGUS | -ERR syntax error
      SETNX k again | :0
      SETNX l first | :1
      GETSET l second | "first"
      GETSET m first | nil
      GET m | "first"
      APPEND m + | :6
      APPEND n new | :3
      APPEND n ' | :3
      STRLEN n | :3
      STRLEN missing | :0
      EXISTS k l missing k | :3
      DEL k k missing | :1
      DEL l | :1
      DEL l | :0
      MSET a 1 b 2 a 3 | +OK
      MGET a b missing a | ["3" "2" nil "3"]
      MSET a | -ERR wrong number of arguments for 'mset' command
      MSET a 1 b | -ERR wrong number of arguments for 'mset' command
      INCR c | :1
      INCRBY c 41 | :42
      DECR c | :41
      DECRBY c 1 | :40
      DECRBY c -2 | :42
      INCRBY c MAX | -ERR increment or decrement would overflow
      INCRBY c x | -ERR value is not an integer or out of range
      INCRBY c 1.5 | -ERR value is not an integer or out of range
      INCRBY c +1 | -ERR value is not an integer or out of range
      DECRBY c -9223372036854775808 | -ERR decrement would overflow
      GET c | "42"
      SET c MAX | +OK
      INCR c | -ERR increment or decrement would overflow
      DECR c | :9223372036854775806
      SET c text | +OK
      INCR c | -ERR value is not an integer or out of range
      SET c 010 | +OK
      INCR c | -ERR value is not an integer or out of range
      SET c _1 | +OK
      INCR c | -ERR value is not an integer or out of range
      DBSIZE | :7
      SCAN x | -ERR invalid cursor
      SCAN 0 COUNT 0 | -ERR syntax error
      SCAN 0 COUNT x | -ERR value is not an integer or out of range
      SCAN 0 MATCH | -ERR syntax error
      SCAN 0 BOGUS 1 | -ERR syntax error
      SCAN 0 MATCH n* COUNT 100 | ["0" ["n"]]
      SCAN 0 MATCH [^n]? COUNT 100 | ["0" []]
      SELECT 0 | +OK
      SELECT 16 | -ERR DB index is out of range
      SELECT 2147483648 | -ERR value is out of range, value must between -2147483648 and 2147483647
      SELECT x | -ERR value is not an integer or out of range
      AUTH secret | -ERR AUTH <password> called without any password configured for the default \
      user. Are you sure your configuration is correct?
      AUTH nobody secret | -WRONGPASS invalid username-password pair or user is disabled.
      HELLO 4 | -NOPROTO unsupported protocol version
      HELLO x | -ERR Protocol version is not an integer or out of range
      HELLO 2 BOGUS | -ERR Syntax error in HELLO option 'BOGUS'
      HELLO 2 SETNAME a_b BOGUS | -ERR Client names cannot contain spaces, newlines or special \
      characters.
      CLIENT GETNAME | nil
      CLIENT SETNAME me | +OK
      CLIENT GETNAME | "me"
      CLIENT SETNAME a_b | -ERR Client names cannot contain spaces, newlines or special characters.
      CLIENT bogus | -ERR unknown subcommand 'bogus'. Try CLIENT HELP.
      CLIENT D | -ERR unknown subcommand 'D'. Try CLIENT HELP.
      CLIENT ID_GETNAME | -ERR unknown subcommand 'ID GETNAME'. Try CLIENT HELP.
      CLIENT ID x | -ERR wrong number of arguments for 'client|id' command
      CLIENT ' | -ERR unknown subcommand ''. Try CLIENT HELP.
      RESET | +RESET
      CLIENT GETNAME | nil
      COMMAND ' | -ERR unknown subcommand ''. Try COMMAND HELP.
      COMMAND COUNT x | -ERR wrong number of arguments for 'command|count' command
      COMMAND bogus | -ERR unknown subcommand 'bogus'. Try COMMAND HELP.
      COMMAND INFO bogus | [nil]
      ! HELLO 3 | -NOPROTO unsupported protocol version
      ! CLIENT SETINFO LIB-NAME x | +OK
      ! SET k v EX 10 | -ERR EX is not supported: values do not expire here; leave it out, and \
      delete what is over
      ! SET k v KEEPTTL | -ERR KEEPTTL is not supported: values do not expire here; leave it out, \
      and delete what is over
      ! SET ' v | -ERR a key of 0 bytes is not within 1..4096
      ! SCAN 77 | -ERR invalid cursor: this server does not know it, or not any more; go on at the \
      server that gave it, or begin again with 0
      ! CONFIG GET save | ["save" ""]
      ! EXPIRE k 1 | -ERR unknown command 'EXPIRE', with args beginning with: 'k' '1'_
      QUIT | +OK
      """;

  private record Line(String request, String reply) {}

  private static List<Line> lines(boolean isHere) {
    List<Line> lines = new ArrayList<>();
    for (String line : TABLE.lines().toList()) {
      boolean isOfHereOnly = line.startsWith("! ");
      String[] halves = line.substring(isOfHereOnly ? 2 : 0).split(" \\| ", 2);
      if (isHere || !isOfHereOnly) {
        lines.add(new Line(halves[0], spelt(halves[1])));
      }
    }
    return lines;
  }

  private static String spelt(String text) {
    return text.replace('_', ' ').replace("MAX", MAX).replace("LONG", "l".repeat(120));
  }

  private static void check(RespClient client, List<Line> lines) throws IOException {
    for (Line line : lines) {
      String[] parts = Arrays.stream(line.request().split(" ", -1))
          .map(part -> part.equals("'") ? "" : spelt(part))
          .toArray(String[]::new);
      assertThat(client.ask(parts)).as(line.request()).isEqualTo(line.reply());
    }
    assertThat(client.isAtEnd()).as("after QUIT").isTrue();
  }

  @Test
  void hereTheTableHolds() throws IOException {
    try (RedisServers servers = new RedisServers(1);
        RespClient client = new RespClient(servers.port(0))) {
      check(client, lines(true));
    }
  }

  @Test
  void inRedisTheTableHolds(@TempDir Path directory) throws Exception {
    if (RealRedis.isInstalled()) {
      try (RealRedis redis = new RealRedis(directory);
          RespClient client = redis.client()) {
        check(client, lines(false));
      }
    }
  }
}
