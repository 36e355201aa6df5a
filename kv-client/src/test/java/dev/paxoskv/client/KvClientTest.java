package dev.paxoskv.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paxoskv.paxos.net.wire.Preamble;
import dev.paxoskv.proto.kv.ClientFrame;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class KvClientTest {
  private static final byte[] KEY = "key".getBytes(UTF_8);
  private static final byte[] VALUE = "value".getBytes(UTF_8);

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void putsAppendsAndGets() {
    FakeServer server = keep(FakeServer.answering(
        c -> c.hasGet() ? FakeServer.found(c, "found") : FakeServer.applied(c)));
    KvClient client = client(server.address());
    client.put(KEY, VALUE);
    client.append(KEY, VALUE);
    assertThat(client.get(KEY)).hasValue("found".getBytes(UTF_8));
    assertThat(server.commands().get(0).getPut().getKey().toByteArray()).isEqualTo(KEY);
    assertThat(server.commands().get(1).getAppend().getValue().toByteArray()).isEqualTo(VALUE);
    assertThat(server.numbers()).containsExactly(1L, 2L, 3L);
    assertThat(server.preambles()).containsExactly(Optional.of(Preamble.Kind.CLIENT));
  }

  @Test
  void saysIfThereIsNoSuchKey() {
    FakeServer server = keep(FakeServer.answering(FakeServer::notFound));
    assertThat(client(server.address()).get(KEY)).isEmpty();
  }

  @Test
  void anEmptyValueIsAValue() {
    FakeServer server = keep(FakeServer.answering(c -> FakeServer.found(c, "")));
    assertThat(client(server.address()).get(KEY)).hasValue(new byte[0]);
  }

  @Test
  void looksNamesUp() {
    FakeServer server = keep(FakeServer.answering(FakeServer::applied));
    client(server.address().replace("127.0.0.1", "localhost")).put(KEY, VALUE);
  }

  @Test
  void gathersATurnInOneFrame() {
    CountDownLatch isSetUp = new CountDownLatch(1);
    FakeServer server = keep(answeringGetsAfter(isSetUp));
    KvClient client = client(server.address());
    inOneTurn(client, isSetUp, () -> client.putAsync(KEY, VALUE), 10);
    assertThat(server.frames()).hasSize(2);
    assertThat(server.frames().get(1).getCommandsCount()).isEqualTo(10);
  }

  @Test
  void splitsATurnThatIsTooLongForAFrame() {
    CountDownLatch isSetUp = new CountDownLatch(1);
    FakeServer server = keep(answeringGetsAfter(isSetUp));
    KvClient client = client(server.address());
    byte[] big = new byte[Limit.VALUE_BYTES_MAX_VALUE];
    inOneTurn(client, isSetUp, () -> client.putAsync(KEY, big), 5);
    // On a busy machine megabytes take longer than a server may be silent, and are sent again.
    assertThat(server.frames())
        .extracting(ClientFrame::getCommandsCount)
        .containsOnly(1, 3, 2)
        .containsSubsequence(1, 3, 2);
  }

  private static FakeServer answeringGetsAfter(CountDownLatch isSetUp) {
    return FakeServer.answering(command -> {
      if (!command.hasGet()) {
        return FakeServer.applied(command);
      }
      assertThatCode(isSetUp::await).doesNotThrowAnyException();
      return FakeServer.notFound(command);
    });
  }

  /**
   * What runs when a future completes runs on the client's thread, in one turn of it, if it was set
   * up before.
   */
  private static void inOneTurn(
      KvClient client,
      CountDownLatch isSetUp,
      Supplier<CompletableFuture<?>> operation,
      int times) {
    List<CompletableFuture<?>> started = new ArrayList<>();
    CompletableFuture<Void> turn = client.getAsync(KEY).thenRun(() -> {
      for (int i = 0; i < times; i++) {
        started.add(operation.get());
      }
    });
    isSetUp.countDown();
    turn.join();
    CompletableFuture.allOf(started.toArray(CompletableFuture[]::new)).join();
  }

  @Test
  void answersMayComeInAnyOrder() {
    List<Command> held = new ArrayList<>();
    FakeServer server = keep(FakeServer.start(new FakeServer.Script() {
      @Override
      public void command(FakeServer.Talk talk, Command command) {
        held.add(command);
        if (held.size() == 2) {
          talk.reply(FakeServer.found(held.get(1), "2"), FakeServer.found(held.get(0), "1"));
        }
      }
    }));
    KvClient client = client(server.address());
    CompletableFuture<Optional<byte[]>> first = client.getAsync(KEY);
    CompletableFuture<Optional<byte[]>> second = client.getAsync(KEY);
    assertThat(first.join()).hasValue("1".getBytes(UTF_8));
    assertThat(second.join()).hasValue("2".getBytes(UTF_8));
  }

  @Test
  void refusesSizesBeforeSending() {
    FakeServer server = keep(FakeServer.answering(FakeServer::applied));
    KvClient client = client(server.address());
    byte[] longestKey = new byte[Limit.KEY_BYTES_MAX_VALUE];
    byte[] longestValue = new byte[Limit.VALUE_BYTES_MAX_VALUE];
    client.put(longestKey, longestValue);
    client.append(new byte[1], new byte[0]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.putAsync(new byte[longestKey.length + 1], VALUE))
        .withMessage("a key of 4097 bytes; it must be 1 to 4096");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.getAsync(new byte[0]))
        .withMessage("a key of 0 bytes; it must be 1 to 4096");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.append(KEY, new byte[longestValue.length + 1]))
        .withMessage("a value of 1048577 bytes; it must be 0 to 1048576");
    assertThat(server.numbers()).containsExactly(1L, 2L);
  }

  @Test
  void boundsWhatIsInFlight() {
    FakeServer server = keep(FakeServer.silent());
    KvClient client = client(server.address());
    List<CompletableFuture<Void>> started = new ArrayList<>();
    for (int i = 0; i < KvClient.IN_FLIGHT_MAX; i++) {
      started.add(client.putAsync(KEY, VALUE));
    }
    assertThat(started).noneMatch(CompletableFuture::isDone);
    assertThat(failure(client.putAsync(KEY, VALUE)))
        .isInstanceOf(NotAppliedException.class)
        .hasMessageContaining("1024 operations");
  }

  @Test
  void whatIsFinishedNoLongerCounts() {
    FakeServer server = keep(FakeServer.answering(FakeServer::applied));
    KvClient client = client(server.address());
    for (int i = 0; i <= KvClient.IN_FLIGHT_MAX; i++) {
      client.put(KEY, VALUE);
    }
  }

  @Test
  void closingEndsWhatIsInFlight() {
    FakeServer server = keep(FakeServer.silent());
    KvClient client = client(server.address());
    CompletableFuture<Void> write = client.putAsync(KEY, VALUE);
    CompletableFuture<Optional<byte[]>> read = client.getAsync(KEY);
    CompletableFuture<ServerStatus> status = client.statusOf(server.address());
    await().until(() -> server.commands().size() == 2);
    client.close();
    assertThat(failure(write)).isInstanceOf(OutcomeUnknownException.class);
    assertThat(failure(read)).isInstanceOf(NotAppliedException.class);
    assertThat(failure(status)).isInstanceOf(NotAppliedException.class);
    assertThat(failure(client.putAsync(KEY, VALUE))).isInstanceOf(NotAppliedException.class);
    assertThat(failure(client.statusOf(server.address()))).isInstanceOf(NotAppliedException.class);
    client.close();
  }

  @Test
  void blockingOnItsOwnThreadIsAnError() {
    FakeServer server = keep(FakeServer.answering(FakeServer::notFound));
    KvClient client = client(server.address());
    CompletableFuture<Void> inside = client.getAsync(KEY).thenRun(() -> client.get(KEY));
    assertThat(failure(inside)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anInterruptedWriteIsUnknown() {
    FakeServer server = keep(FakeServer.silent());
    KvClient client = client(server.address());
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> client.put(KEY, VALUE)).isInstanceOf(OutcomeUnknownException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void givesUpAStatusInTime() {
    FakeServer server = keep(FakeServer.silent());
    KvClient client = keep(KvClient.open(
        ClientConfig.of(List.of(server.address())).withTimeout(Duration.ofMillis(200))));
    assertThat(failure(client.statusOf(server.address())))
        .isInstanceOf(NotAppliedException.class)
        .hasMessageContaining(server.address() + " did not answer within 200 ms");
    assertThatIllegalArgumentException().isThrownBy(() -> client.statusOf("nonsense"));
  }

  private KvClient client(String... servers) {
    return keep(KvClient.open(List.of(servers)));
  }

  private <T extends AutoCloseable> T keep(T each) {
    open.add(0, each);
    return each;
  }

  private static Throwable failure(CompletableFuture<?> future) {
    try {
      future.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("it succeeded");
  }
}
