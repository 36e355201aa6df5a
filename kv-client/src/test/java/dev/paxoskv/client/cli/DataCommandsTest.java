package dev.paxoskv.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.client.FakeServer;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Reply;
import dev.paxoskv.proto.kv.Scan;
import dev.paxoskv.proto.kv.SetIf;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code kv delete}, {@code cas}, {@code scan}, {@code get --json}: what they send, print and end
 * with.
 */
@Timeout(30)
class DataCommandsTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private List<Command> sent = List.of();

  @Test
  void deletes() {
    assertThat(kv(FakeServer::applied, "delete", "k")).isZero();
    assertThat(sent.get(0).getDelete().getKey().toStringUtf8()).isEqualTo("k");
    assertThat(kv(FakeServer::unmet, "delete", "k")).isEqualTo(1);
    assertThat(complained()).isEqualTo("key not found: k\n");
  }

  @Test
  void comparesAndSets() {
    assertThat(kv(FakeServer::applied, "cas", "k", "-", "-")).isZero();
    SetIf asked = sent.get(0).getSetIf();
    assertThat(asked.getCondition()).isEqualTo(SetIf.Condition.EQUAL);
    assertThat(asked.getExpected().toStringUtf8()).as("as typed").isEqualTo("-");
    assertThat(asked.getValue().toStringUtf8()).as("from the input").isEqualTo("input");

    assertThat(kv(FakeServer::unmet, "cas", "k", "a", "b")).isEqualTo(1);
    assertThat(complained()).isEqualTo("key has another value, or none: k\n");
  }

  @Test
  void setsWhatIsAbsent() {
    assertThat(kv(FakeServer::applied, "cas", "--absent", "k", "v")).isZero();
    assertThat(sent.get(0).getSetIf().getCondition()).isEqualTo(SetIf.Condition.ABSENT);
    assertThat(kv(FakeServer::unmet, "cas", "k", "v", "--absent")).isEqualTo(1);
    assertThat(complained()).isEqualTo("key has a value: k\n");
  }

  @Test
  void aWrongNumberOfArgumentsIsBadUsage() {
    for (String line :
        List.of("cas k v", "cas --absent k a b", "cas k", "delete", "scan --limit=0", "scan p q")) {
      assertThat(kv(FakeServer::applied, line.split(" "))).as(line).isEqualTo(2);
      assertThat(complained()).as(line).containsOnlyOnce("\n").contains("kv --help");
      assertThat(sent).isEmpty();
    }
  }

  @Test
  void scansPageByPage() {
    Function<Command, Reply> pages = command -> command.getScan().getAfter().isEmpty()
        ? FakeServer.page(command, true, "a1", "a2")
        : FakeServer.page(command, false, "a3");
    assertThat(kv(pages, "scan", "a")).isZero();
    assertThat(printed()).isEqualTo("a1\ta1\na2\ta2\na3\ta3\n");
    assertThat(sent).extracting(c -> c.getScan().getPrefix().toStringUtf8()).containsOnly("a");
    assertThat(sent)
        .extracting(c -> c.getScan().getAfter().toStringUtf8())
        .containsExactly("", "a2");
  }

  @Test
  void scansWhatItIsToldTo() {
    Function<Command, Reply> pages = command -> FakeServer.page(command, true, "b", "c");
    assertThat(kv(pages, "scan", "--after=a", "--limit=3", "--keys")).isZero();
    assertThat(printed()).isEqualTo("b\nc\nb\nc\n");
    assertThat(sent).extracting(c -> c.getScan().getLimit()).containsExactly(3, 1);
    Scan first = sent.get(0).getScan();
    assertThat(first.getAfter().toStringUtf8()).isEqualTo("a");
  }

  @Test
  void printsBytesSoThatTheyCanBeReadAgain() {
    assertThat(kv(command -> FakeServer.page(command, false, "a\\\t\n\u00e9~"), "scan", "--keys"))
        .isZero();
    assertThat(printed()).isEqualTo("a\\\\\\x09\\x0a\\xe9~\n");
  }

  @Test
  void printsEntriesAsJson() {
    assertThat(kv(command -> FakeServer.page(command, false, "a\"\t<\u00e9"), "scan", "--json"))
        .isZero();
    assertThat(printed()).isEqualTo("{\"keyBase64\":\"YSIJPOk=\",\"valueBase64\":\"YSIJPOk=\"}\n");
    assertThat(kv(command -> FakeServer.page(command, false, "a\"\t<"), "scan", "--json", "--keys"))
        .isZero();
    assertThat(printed()).isEqualTo("{\"key\":\"a\\\"\\t<\"}\n");
  }

  @Test
  void printsAValueAsJson() {
    assertThat(kv(command -> FakeServer.found(command, "v\u00e9"), "get", "k", "--json"))
        .isZero();
    assertThat(printed()).isEqualTo("{\"key\":\"k\",\"value\":\"v\u00e9\"}\n");

    assertThat(kv(FakeServer::notFound, "get", "--json", "k")).isEqualTo(1);
    assertThat(printed()).isEqualTo("{\"key\":\"k\",\"value\":null}\n");
    assertThat(complained()).isEqualTo("key not found: k\n");
  }

  private int kv(Function<Command, Reply> answer, String... args) {
    out.reset();
    err.reset();
    try (FakeServer server = FakeServer.answering(answer)) {
      Surroundings around = new Surroundings(
          new ByteArrayInputStream("input".getBytes(UTF_8)),
          new PrintStream(out, true, UTF_8),
          new PrintStream(err, true, UTF_8),
          false,
          UTF_8,
          Map.of("KV_SERVERS", server.address()));
      int code = KvCommand.run(around, args);
      sent = server.commands();
      return code;
    }
  }

  private String printed() {
    return out.toString(UTF_8);
  }

  private String complained() {
    return err.toString(UTF_8);
  }
}
