package dev.paxoskv.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.client.FakeServer;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.kv.ServerFrame;
import dev.paxoskv.proto.kv.ServerStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class KvCommandTest {
  private final List<FakeServer> open = new ArrayList<>();
  private final Map<String, String> variables = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private InputStream in = InputStream.nullInputStream();
  private boolean isTerminal;

  @AfterEach
  void closeAll() {
    open.forEach(FakeServer::close);
  }

  @Test
  void putsSilently() {
    FakeServer server = keep(FakeServer.answering(FakeServer::applied));
    assertThat(kv("--servers=" + server.address(), "put", "k", "v")).isZero();
    assertThat(only(server).getPut().getKey().toStringUtf8()).isEqualTo("k");
    assertThat(only(server).getPut().getValue().toStringUtf8()).isEqualTo("v");
    assertThat(printed()).isEmpty();
    assertThat(complained()).isEmpty();
  }

  @Test
  void takesTheOptionsAfterTheCommandToo() {
    FakeServer server = keep(FakeServer.answering(FakeServer::applied));
    assertThat(kv("append", "k", "v", "--timeout=2m", "--servers", server.address()))
        .isZero();
    assertThat(only(server).getAppend().getValue().toStringUtf8()).isEqualTo("v");
  }

  @Test
  void takesTheServersFromTheEnvironment() {
    FakeServer server = keep(FakeServer.answering(FakeServer::notFound));
    variables.put("KV_SERVERS", server.address());
    assertThat(kv("get", "k")).isEqualTo(1);
    assertThat(kv("get", "k", "--servers=" + FakeServer.nowhere(), "--timeout=100ms"))
        .isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"@k", "${env:HOME}", "\"k\"", "k,l", "a=b", "ключ", " "})
  void takesArgumentsAsTheyAre(String text) {
    FakeServer server = keep(FakeServer.answering(FakeServer::applied));
    assertThat(kv("--servers=" + server.address(), "put", text, text)).isZero();
    assertThat(only(server).getPut().getKey().toStringUtf8()).isEqualTo(text);
    assertThat(only(server).getPut().getValue().toStringUtf8()).isEqualTo(text);
  }

  @Test
  void refusesWhatTheLocaleCannotRead() {
    assertThat(kv("put", "\uFFFD\uFFFD", "v")).isEqualTo(2);
    assertThat(kv("put", "k", "\uFFFD")).isEqualTo(2);
    assertThat(kv("get", "\uFFFD")).isEqualTo(2);
    assertThat(complained().lines()).hasSize(3).allMatch(l -> l.contains("LC_ALL=C.UTF-8"));
  }

  @Test
  void takesWhatLooksLikeAnOptionAfterTwoDashes() {
    FakeServer server = keep(FakeServer.answering(FakeServer::applied));
    assertThat(kv("--servers=" + server.address(), "put", "--", "-k", "--json")).isZero();
    assertThat(only(server).getPut().getKey().toStringUtf8()).isEqualTo("-k");
    assertThat(only(server).getPut().getValue().toStringUtf8()).isEqualTo("--json");
  }

  @Test
  void readsTheValueFromStandardInput() {
    FakeServer server = keep(FakeServer.answering(FakeServer::applied));
    byte[] longest = new byte[Limit.VALUE_BYTES_MAX_VALUE];
    longest[0] = -1;
    in = new ByteArrayInputStream(longest);
    assertThat(kv("--servers=" + server.address(), "put", "k", "-")).isZero();
    assertThat(only(server).getPut().getValue().toByteArray()).isEqualTo(longest);
  }

  @Test
  void readsNoFurtherThanTheLimit() {
    in = new InputStream() {
      @Override
      public int read() {
        return 'x';
      }

      @Override
      public int read(byte[] into, int from, int count) {
        return count;
      }
    };
    assertThat(kv("put", "k", "-")).isEqualTo(2);
    assertThat(complained())
        .isEqualTo("kv: standard input is longer than a value may be, 1048576 bytes;"
            + " see kv --help\n");
  }

  @Test
  void saysIfStandardInputCannotBeRead() {
    in = new InputStream() {
      @Override
      public int read() throws IOException {
        throw new IOException("torn");
      }

      @Override
      public int read(byte[] into, int from, int count) throws IOException {
        throw new IOException("torn");
      }
    };
    assertThat(kv("put", "k", "-")).isEqualTo(2);
    assertThat(complained()).isEqualTo("kv: cannot read standard input: torn; see kv --help\n");
  }

  @Test
  void writesTheValueAsItIs() {
    FakeServer server = keep(FakeServer.answering(c -> FakeServer.found(c, "a\nb")));
    assertThat(kv("--servers=" + server.address(), "get", "k")).isZero();
    assertThat(printed()).isEqualTo("a\nb");
  }

  @Test
  void endsTheLineForAPerson() {
    FakeServer server = keep(FakeServer.answering(c -> FakeServer.found(c, "a")));
    isTerminal = true;
    assertThat(kv("--servers=" + server.address(), "get", "k")).isZero();
    assertThat(printed()).isEqualTo("a\n");
  }

  @Test
  void saysIfTheOutputIsGone() {
    FakeServer server = keep(FakeServer.answering(
        c -> c.hasScan() ? FakeServer.page(c, true, "a") : FakeServer.found(c, "a")));
    PrintStream broken = new PrintStream(new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("broken pipe");
      }
    });
    for (String what : List.of("get", "scan")) {
      err.reset();
      assertThat(run(broken, "--servers=" + server.address(), what, "k")).isEqualTo(4);
      assertThat(complained()).isEqualTo("not applied: cannot write to standard output\n");
    }
  }

  @Test
  void aMissingKeyIsOne() {
    FakeServer server = keep(FakeServer.answering(FakeServer::notFound));
    assertThat(kv("--servers=" + server.address(), "get", "a\nb\t")).isEqualTo(1);
    assertThat(complained()).isEqualTo("key not found: a; b?\n");
    assertThat(printed()).isEmpty();
  }

  @Test
  void anUnknownOutcomeIsThree() {
    FakeServer server = keep(FakeServer.silent());
    assertThat(kv("--servers=" + server.address(), "--timeout=2s", "put", "k", "v"))
        .isEqualTo(3);
    assertThat(complained())
        .isEqualTo("outcome unknown: no answer in time (" + server.address()
            + " did not answer within 500 ms), but a server was given it; read the key to learn"
            + " whether it took effect\n");
  }

  @Test
  void notAppliedIsFour() {
    String nowhere = FakeServer.nowhere();
    assertThat(kv("--servers=" + nowhere, "--timeout=200ms", "append", "k", "v"))
        .isEqualTo(4);
    assertThat(complained())
        .isEqualTo("not applied: no answer in time (" + nowhere
            + " refused the connection), and no server took it on; see that the servers run,"
            + " then try again\n");
  }

  @Test
  void unavailableIsFour() {
    String nowhere = FakeServer.nowhere();
    assertThat(kv("--servers=" + nowhere, "--timeout=200ms", "get", "k")).isEqualTo(4);
    assertThat(complained())
        .isEqualTo("not applied: unavailable: no answer in time (" + nowhere
            + " refused the connection); see that a majority of the servers runs, then try"
            + " again\n");
  }

  @Test
  void refusedIsFour() {
    FakeServer server =
        keep(FakeServer.answering(c -> FakeServer.refused(c, "would be too long\nby 3")));
    assertThat(kv("--servers=" + server.address(), "append", "k", "v")).isEqualTo(4);
    assertThat(complained()).isEqualTo("not applied: refused: would be too long; by 3\n");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          ''                        | no command is named
          grab k                    | there is no command 'grab'
          get                       | Missing required parameter: 'KEY'
          put k                     | Missing required parameter: 'VALUE'
          get k l                   | 'l' is one argument too many
          get k --frob              | there is no option '--frob'; put -- before a KEY or VALUE
          --frob get k              | there is no option '--frob'; put -- before a KEY or VALUE
          grab --frob               | there is no command 'grab'
          put k -v                  | there is no option '-v'; put -- before a KEY or VALUE
          get -k                    | there is no option '-k'; put -- before a KEY or VALUE
          cas k                     | cas takes KEY, EXPECTED and VALUE
          cas --absent k            | cas --absent takes KEY and VALUE
          cas k a b c               | cas takes KEY, EXPECTED and VALUE
          get k --timeout=0s        | a timeout of 0 ms is not between 1 ms and 24 h
          get k --servers=          | '' is not an address; write HOST:PORT
          get k --servers=a:1,,b:2  | '' is not an address; write HOST:PORT
          get k --servers=garbage   | 'garbage' is not an address; write HOST:PORT
          put k v --servers=a:x     | 'a:x' has no port from 0 to 65535; write HOST:PORT
          append k v --servers=a:0  | 'a:0' has port 0, where nothing can listen; write HOST:PORT
          status --servers=garbage  | 'garbage' is not an address; write HOST:PORT
          """)
  void badUsageIsTwo(String line, String complaint) {
    assertThat(kv(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
    assertThat(complained()).isEqualTo("kv: " + complaint + "; see kv --help\n");
    assertThat(printed()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10", "-1s", "1h", "s", "1.5s", "9999999999s"})
  void aTimeoutHasAUnit(String text) {
    assertThat(kv("get", "k", "--timeout=" + text)).isEqualTo(2);
    assertThat(complained())
        .isEqualTo("kv: Invalid value for option '--timeout': '" + text
            + "' is not like 500ms, 10s or 2m; see kv --help\n");
  }

  @Test
  void sizesAreCheckedBeforeAnythingIsAsked() {
    assertThat(kv("get", "")).isEqualTo(2);
    assertThat(kv("put", "k".repeat(4097), "v")).isEqualTo(2);
    assertThat(complained()).isEqualTo("""
            kv: a key of 0 bytes; it must be 1 to 4096; see kv --help
            kv: a key of 4097 bytes; it must be 1 to 4096; see kv --help
            """);
  }

  @Test
  void helps() {
    assertThat(kv("--help")).isZero();
    assertThat(printed()).contains("put", "append", "get", "status", "--servers", "Exit codes");
    assertThat(kv("put", "-h")).isZero();
    assertThat(kv("--version")).isZero();
    assertThat(complained()).isEmpty();
  }

  @Test
  void tellsTheStatusOfEachServer() {
    String servers = serversWithStatus();
    assertThat(kv("status", "--servers=" + servers)).isZero();
    List<String> rows =
        printed().lines().map(r -> r.replaceAll("127.0.0.1:\\d+", "S")).toList();
    assertThat(rows.stream().map(r -> r.replaceAll(" +", " ")))
        .containsExactly(
            "SERVER REACHABLE INDEX APPLIED MIN MAX LEADER MEMBERS HASH NOT SERVING",
            "S yes 0 41 7 42 2 0,2 00000000000000ff -",
            "S yes 2 -1 0 -1 - 2 fedcba9876543210 too few registered",
            "S no - - - - - - - unavailable: S refused the connection");
    assertThat(complained()).isEmpty();
  }

  @Test
  void tellsTheStatusToPrograms() {
    String servers = serversWithStatus();
    assertThat(kv("status", "--json", "--servers=" + servers)).isZero();
    assertThat(printed().replaceAll("127.0.0.1:\\d+", "S").replaceAll("\\s+", ""))
        .isEqualTo("{'servers':[".replace('\'', '"')
            + json("true,'index':0,'applied':41,'min':7,'max':42,'leader':2,'members':[0,2],"
                + "'stateHash':'00000000000000ff','messagesSent':7,'syncs':5,'notServing':null},")
            + json("true,'index':2,'applied':-1,'min':0,'max':-1,'leader':null,'members':[2],"
                + "'stateHash':'fedcba9876543210','messagesSent':0,'syncs':0,"
                + "'notServing':'toofewregistered'},")
            + json("false,'index':null,'applied':null,'min':null,'max':null,'leader':null,"
                + "'members':[],'stateHash':null,'messagesSent':null,'syncs':null,"
                + "'notServing':'unavailable:Srefusedtheconnection'}")
            + "]}");
  }

  private static String json(String rest) {
    return ("{'address':'S','reachable':" + rest).replace('\'', '"');
  }

  @Test
  void noStatusFromAnyoneIsFour() {
    assertThat(kv("status", "--servers=" + FakeServer.nowhere())).isEqualTo(4);
    assertThat(printed().lines()).hasSize(2);
    assertThat(complained())
        .isEqualTo("not applied: no server answers; start them or name others\n");
  }

  private String serversWithStatus() {
    ServerStatus serving = ServerStatus.newBuilder()
        .setIndex(0)
        .setApplied(41)
        .setMin(7)
        .setMax(42)
        .setLeader(2)
        .addMembersSeen(0)
        .addMembersSeen(2)
        .setStateHash(255)
        .setMessagesSent(7)
        .setSyncs(5)
        .build();
    ServerStatus forming = ServerStatus.newBuilder()
        .setIndex(2)
        .setApplied(-1)
        .setMax(-1)
        .setLeader(-1)
        .addMembersSeen(2)
        .setNotServing("too few registered")
        .setStateHash(0xfedcba9876543210L)
        .build();
    return telling(serving) + "," + telling(forming) + "," + FakeServer.nowhere();
  }

  private String telling(ServerStatus status) {
    FakeServer server = keep(FakeServer.start(new FakeServer.Script() {
      @Override
      public void status(FakeServer.Talk talk) {
        talk.send(ServerFrame.newBuilder().setStatus(status).build());
      }
    }));
    return server.address();
  }

  private static Command only(FakeServer server) {
    assertThat(server.commands()).hasSize(1);
    return server.commands().get(0);
  }

  private int kv(String... args) {
    return run(new PrintStream(out, true, UTF_8), args);
  }

  private int run(PrintStream standardOutput, String... args) {
    return KvCommand.run(
        new Surroundings(
            in, standardOutput, new PrintStream(err, true, UTF_8), isTerminal, UTF_8, variables),
        args);
  }

  private String printed() {
    return out.toString(UTF_8);
  }

  private String complained() {
    return err.toString(UTF_8);
  }

  private FakeServer keep(FakeServer server) {
    open.add(server);
    return server;
  }
}
