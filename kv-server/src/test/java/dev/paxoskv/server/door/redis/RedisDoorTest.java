package dev.paxoskv.server.door.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits and bad input, over TCP, at a server that is alone. */
@Timeout(60)
class RedisDoorTest {
  private final RedisServers servers = new RedisServers(1);

  @AfterEach
  void stop() {
    servers.close();
  }

  private RespClient client() throws IOException {
    return new RespClient(servers.port(0));
  }

  @Test
  void aLineIsARequestToo() throws IOException {
    try (RespClient client = client()) {
      client.sendRaw("\r\n  SET k   v\r\nGET k\r\n".getBytes(ISO_8859_1));
      assertThat(client.reply()).isEqualTo("+OK");
      assertThat(client.reply()).isEqualTo("\"v\"");
    }
  }

  @Test
  void whatIsTooLargeIsRefusedAndTheConnectionLives() throws IOException {
    try (RespClient client = client()) {
      String mebibyte = "x".repeat(1 << 20);
      assertThat(client.ask("SET", "k", mebibyte)).isEqualTo("+OK");
      assertThat(client.ask("APPEND", "k", "y"))
          .isEqualTo("-ERR the value would grow to 1048577 bytes, the limit is 1048576");
      assertThat(client.ask("SET", "k", mebibyte + "y"))
          .isEqualTo("-ERR a value of 1048577 bytes is over the limit of 1048576");
      assertThat(client.ask("SET", "k", mebibyte + mebibyte))
          .isEqualTo("-ERR a request of 2097156 bytes is over the limit of 1052800");
      assertThat(client.ask("SET", "k".repeat(4097), "v"))
          .isEqualTo("-ERR a key of 4097 bytes is not within 1..4096");
      assertThat(client.ask("STRLEN", "k")).isEqualTo(":1048576");
      String[] many = new String[18];
      Arrays.fill(many, "k");
      many[0] = "MGET";
      assertThat(client.ask(many)).startsWith("-ERR these values are more than 16777216 bytes");
      assertThat(client.ask("GET", "k")).hasSize((1 << 20) + 2);
    }
  }

  /** A connection that is closed with unread bytes is reset, which may overtake the answer. */
  @Test
  void theLastAnswerGetsThereWhateverIsStillSentBehindIt() throws IOException {
    String much = "x".repeat(1 << 20);
    for (String last : new String[] {"*1\r\n+PING\r\n", "QUIT\r\n"}) {
      try (RespClient client = client()) {
        client.sendRaw((last + much).getBytes(ISO_8859_1));
        assertThat(client.reply()).matches("-ERR Protocol error: .*|\\+OK");
        assertThat(client.isAtEnd()).isTrue();
      }
    }
  }

  /**
   * What comes behind the last answer is read, but not for ever: by its bytes, and by the clock.
   */
  @Test
  void whoGoesOnBehindTheLastAnswerIsCutOff() throws IOException {
    byte[] much = new byte[1 << 20];
    try (RespClient client = client()) {
      client.sendRaw("QUIT\r\n".getBytes(ISO_8859_1));
      assertThatThrownBy(() -> {
            for (int mib = 0; mib < 64; mib++) {
              client.sendRaw(much);
            }
          })
          .isInstanceOf(IOException.class);
    }
    try (RespClient client = client()) {
      client.sendRaw("QUIT\r\n".getBytes(ISO_8859_1));
      await()
          .untilAsserted(() -> assertThatThrownBy(() -> client.sendRaw(new byte[1]))
              .isInstanceOf(IOException.class));
    }
  }

  @Test
  void whatIsNoRequestEndsItsConnectionOnly() throws IOException {
    for (String garbage : new String[] {
      "*1\r\n+PING\r\n",
      "*20000\r\n",
      "*1\r\n$-1\r\n",
      "*1\r\n$x\r\n",
      "*1\r\n*1\r\n",
      "x".repeat(70_000),
      "*2\r\n$4\r\nECHO\r\n$99999999\r\n"
    }) {
      try (RespClient client = client()) {
        client.send("PING");
        client.sendRaw(garbage.getBytes(ISO_8859_1));
        assertThat(client.reply()).as("what came before is answered").isEqualTo("+PONG");
        assertThat(client.reply())
            .as(garbage.substring(0, 5))
            .startsWith("-ERR Protocol error: ")
            .doesNotContain("Exception");
        assertThat(client.isAtEnd()).isTrue();
      }
    }
    try (RespClient client = client()) {
      assertThat(client.ask("PING")).isEqualTo("+PONG");
    }
  }

  @Test
  void bytesThatComeOneByOneAreTheSame() throws IOException {
    try (RespClient client = client()) {
      for (byte one : RespClient.request("SET", "k", "a\r\nb", "NX")) {
        client.sendRaw(new byte[] {one});
      }
      assertThat(client.reply()).isEqualTo("+OK");
      assertThat(client.ask("GET", "k")).isEqualTo("\"a\r\nb\"");
    }
  }

  private static byte[] pipeline(int count) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      all.writeBytes(RespClient.request("INCR", "n"));
      if (i % 100 == 0) {
        all.writeBytes(RespClient.request("GET", "large"));
      }
    }
    return all.toByteArray();
  }

  private static void send(RespClient client, byte[] requests) {
    try {
      client.sendRaw(requests);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** More than the door takes in at once, and more answers than it holds. */
  @Test
  void aLongPipelineIsServedToItsEnd() throws Exception {
    try (RespClient client = client()) {
      assertThat(client.ask("SET", "large", "x".repeat(100_000))).isEqualTo("+OK");
      int count = 30_000;
      Thread asker = new Thread(() -> send(client, pipeline(count)));
      asker.start();
      for (int i = 0; i < count; i++) {
        assertThat(client.reply()).isEqualTo(":" + (i + 1));
        if (i % 100 == 0) {
          assertThat(client.reply()).hasSize(100_002);
        }
      }
      asker.join();
    }
  }

  @Test
  void aScanGoesOnWhereItWas() throws IOException {
    try (RespClient client = client();
        RespClient other = client()) {
      client.ask("MSET", "a", "1", "b", "2", "c", "3");
      String first = client.ask("SCAN", "0", "COUNT", "2");
      assertThat(first).endsWith("[\"a\" \"b\"]]").doesNotStartWith("[\"0\"");
      String cursor = first.substring(2, first.indexOf('"', 2));
      assertThat(other.ask("SCAN", cursor, "COUNT", "2"))
          .as("on another connection")
          .isEqualTo("[\"0\" [\"c\"]]");
    }
  }

  /** Else any web page could have the browser of somebody inside write keys. */
  @Test
  void whatComesBehindAHeadOfHttpIsNotDone() throws IOException {
    for (String head : new String[] {"POST / HTTP/1.1", "GET / HTTP/1.1\r\nhost: here:6401"}) {
      try (RespClient client = client()) {
        client.sendRaw((head + "\r\n\r\nSET k web\r\nQUIT\r\n").getBytes(ISO_8859_1));
        boolean isAtEnd = false;
        while (!isAtEnd) {
          isAtEnd = client.isAtEnd();
        }
      }
    }
    try (RespClient client = client()) {
      assertThat(client.ask("GET", "k")).isEqualTo("nil");
    }
  }

  /** As with Redis: {@code printf 'INCR n\r\n' | nc -N HOST PORT}. */
  @Test
  void whoHasSaidAllGetsTheAnswers() throws IOException {
    try (RespClient client = client()) {
      client.sendRaw("INCR n\r\nGET n\r\nINCR n\r\nINCR".getBytes(ISO_8859_1));
      client.saidAll();
      assertThat(client.reply()).isEqualTo(":1");
      assertThat(client.reply()).isEqualTo("\"1\"");
      assertThat(client.reply()).isEqualTo(":2");
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void nothingIsDoneAfterQuit() throws IOException {
    try (RespClient client = client()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(RespClient.request("SET", "k", "before"));
      all.writeBytes(RespClient.request("QUIT"));
      all.writeBytes(RespClient.request("SET", "k", "after"));
      client.sendRaw(all.toByteArray());
      assertThat(client.reply()).isEqualTo("+OK");
      assertThat(client.reply()).isEqualTo("+OK");
      assertThat(client.isAtEnd()).isTrue();
    }
    try (RespClient client = client()) {
      assertThat(client.ask("GET", "k")).isEqualTo("\"before\"");
    }
  }
}
