package dev.paxoskv.server.door.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What somebody types, or sends who does not know the protocol well, byte by byte: the same replies
 * here and, where it is installed, from {@code redis-server}.
 */
@Timeout(60)
class RedisLinesTest {
  private record Line(String bytes, String reply) {}

  private static final List<Line> LINES = List.of(
      new Line("ECHO crlf\r\n", "\"crlf\""),
      new Line("ECHO lf\n", "\"lf\""),
      new Line("\n\r\n \t\r\n  ECHO  behind-blanks \t\n", "\"behind-blanks\""),
      new Line("ECHO \"two words\"\r\n", "\"two words\""),
      new Line("ECHO 'two words'\n", "\"two words\""),
      new Line("ECHO \"\"\n", "\"\""),
      new Line("\"ECHO\" ''\n", "\"\""),
      new Line("ECHO a\"b c\"\n", "\"ab c\""),
      new Line("ECHO \"\\x00\\xfF\\n\\r\\t\\b\\a\"\n", "\"\0\u00ff\n\r\t\b\u0007\""),
      new Line("ECHO \"\\q\\\"\\\\ \\x4g \\x\"\n", "\"q\"\\ x4g x\""),
      new Line("ECHO 'it\\'s \\x41 \\'\n", "-ERR Protocol error: unbalanced quotes in request"),
      new Line("ECHO 'it\\'s \\x41'\n", "\"it's \\x41\""),
      new Line("ECHO \\x41\n", "\"\\x41\""),
      new Line("ECHO \u00ff\u0080\u00c3\n", "\"\u00ff\u0080\u00c3\""),
      new Line("ECHO \u00c2\u00a0\n", "\"\u00c2\u00a0\""),
      new Line("ECHO a\u000bb\n", "\"a\u000bb\""),
      new Line("ECHO a\rb\n", "-ERR wrong number of arguments for 'echo' command"),
      new Line("\"\"\n", "-ERR unknown command '', with args beginning with: "),
      new Line("+OK\r\n", "-ERR unknown command '+OK', with args beginning with: "),
      new Line("$3\r\n", "-ERR unknown command '$3', with args beginning with: "),
      new Line("*0\r\n*-1\r\n*-7\r\nECHO x\n", "\"x\""),
      new Line("*1\r\n$4\r\nPING\r\n", "+PONG"),
      new Line("*2\r\n$4\r\nECHO\r\n$0\r\n\r\n", "\"\""),
      new Line("ECHO \"a\n", "-ERR Protocol error: unbalanced quotes in request"),
      new Line("ECHO \"a\"b\n", "-ERR Protocol error: unbalanced quotes in request"),
      new Line("ECHO \"\\\"\n", "-ERR Protocol error: unbalanced quotes in request"),
      new Line("*x\r\n", "-ERR Protocol error: invalid multibulk length"),
      new Line("*\r\n", "-ERR Protocol error: invalid multibulk length"),
      new Line("*+1\r\n", "-ERR Protocol error: invalid multibulk length"),
      new Line("*01\r\n", "-ERR Protocol error: invalid multibulk length"),
      new Line("*1 \r\n", "-ERR Protocol error: invalid multibulk length"),
      new Line("*9223372036854775808\r\n", "-ERR Protocol error: invalid multibulk length"),
      new Line("*1\r\nPING\r\n", "-ERR Protocol error: expected '$', got 'P'"),
      new Line("*1\r\n+PING\r\n", "-ERR Protocol error: expected '$', got '+'"),
      new Line("*1\r\n\r\n", "-ERR Protocol error: expected '$', got ' '"),
      new Line("*1\r\n*1\r\n", "-ERR Protocol error: expected '$', got '*'"),
      new Line("*1\r\n$-1\r\n", "-ERR Protocol error: invalid bulk length"),
      new Line("*1\r\n$x\r\n", "-ERR Protocol error: invalid bulk length"),
      new Line("*1\r\n$04\r\n", "-ERR Protocol error: invalid bulk length"),
      new Line("*1\r\n$\r\n", "-ERR Protocol error: invalid bulk length"),
      new Line("*1\r\n$9223372036854775808\r\n", "-ERR Protocol error: invalid bulk length"));

  /**
   * Whole, and a byte at a time. Where a line ends the connection nothing may follow it: who closes
   * before it has read all resets, and the reply may be lost.
   */
  private static void check(Callable<RespClient> clients) throws Exception {
    for (Line line : LINES) {
      check(clients, line, line.bytes().length());
      check(clients, line, 1);
    }
  }

  private static void check(Callable<RespClient> clients, Line line, int at) throws Exception {
    try (RespClient client = clients.call()) {
      send(client, line.bytes(), at);
      assertThat(client.reply()).as("%s", line.bytes()).isEqualTo(line.reply());
      if (line.reply().startsWith("-ERR Protocol error")) {
        assertThat(client.isAtEnd()).as("%s", line.bytes()).isTrue();
      } else {
        assertThat(client.ask("ECHO", "next")).as("%s", line.bytes()).isEqualTo("\"next\"");
      }
    }
  }

  private static void send(RespClient client, String bytes, int at) throws IOException {
    for (int i = 0; i < bytes.length(); i += at) {
      client.sendRaw(bytes.substring(i, i + at).getBytes(ISO_8859_1));
    }
  }

  @Test
  void hereTheyAreAnswered() throws Exception {
    try (RedisServers servers = new RedisServers(1)) {
      check(() -> new RespClient(servers.port(0)));
    }
  }

  @Test
  void inRedisTheyAreAnsweredTheSame(@TempDir Path directory) throws Exception {
    if (RealRedis.isInstalled()) {
      try (RealRedis redis = new RealRedis(directory)) {
        check(redis::client);
      }
    }
  }

  /** In Redis the rest of such a line would be lost. */
  @Test
  void aZeroByteIsOneAsAnyOther() throws IOException {
    try (RedisServers servers = new RedisServers(1);
        RespClient client = new RespClient(servers.port(0))) {
      client.sendRaw("ECHO a\0b\n".getBytes(ISO_8859_1));
      assertThat(client.reply()).isEqualTo("\"a\0b\"");
    }
  }

  /** Redis would wait for a CR. */
  @Test
  void aCountEndsWithBoth() throws IOException {
    try (RedisServers servers = new RedisServers(1);
        RespClient client = new RespClient(servers.port(0))) {
      client.sendRaw("*1\n".getBytes(ISO_8859_1));
      assertThat(client.reply()).isEqualTo("-ERR Protocol error: invalid multibulk length");
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  /** In Redis nobody looks whether it is there, and the next request may begin in the middle. */
  @Test
  void aPartEndsWhereItSaidItWould() throws IOException {
    try (RedisServers servers = new RedisServers(1);
        RespClient client = new RespClient(servers.port(0))) {
      client.sendRaw("*2\r\n$4\r\nECHO\r\n$3\r\nabcde\r\n".getBytes(ISO_8859_1));
      assertThat(client.reply()).isEqualTo("-ERR Protocol error: expected CR LF behind a part");
      assertThat(client.isAtEnd()).isTrue();
    }
  }
}
