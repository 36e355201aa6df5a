package dev.paxoskv.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.ServerFrame;
import dev.paxoskv.proto.kv.ServerStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that fail in every way, and one that is well or none. */
@Timeout(30)
class FailoverTest {
  private static final byte[] KEY = "key".getBytes(UTF_8);
  private static final byte[] VALUE = "value".getBytes(UTF_8);
  private static final Duration SHORT = Duration.ofMillis(1200);

  private static final FakeServer.Script WELL = new FakeServer.Script() {
    @Override
    public void command(FakeServer.Talk talk, Command command) {
      talk.reply(FakeServer.applied(command));
    }

    @Override
    public void status(FakeServer.Talk talk) {
      talk.send(
          ServerFrame.newBuilder().setStatus(ServerStatus.getDefaultInstance()).build());
    }
  };

  private final List<AutoCloseable> open = new ArrayList<>();

  /** What a server does that is of no use. */
  private enum Fault implements FakeServer.Script {
    HANGS_UP_BEFORE_THE_WRITE {
      @Override
      public void opened(FakeServer.Talk talk) {
        talk.hangUp();
      }
    },
    HANGS_UP_AFTER_THE_WRITE {
      @Override
      public void command(FakeServer.Talk talk, Command command) {
        talk.hangUp();
      }
    },
    STAYS_SILENT,
    SENDS_GARBAGE {
      @Override
      public void command(FakeServer.Talk talk, Command command) {
        talk.garbage();
      }
    },
    ANSWERS_ANOTHER_QUESTION {
      @Override
      public void command(FakeServer.Talk talk, Command command) {
        talk.reply(FakeServer.found(command, "?"));
      }
    },
    REFUSES_THE_FRAME {
      @Override
      public void command(FakeServer.Talk talk, Command command) {
        talk.send(ServerFrame.newBuilder().setRefusal("unreadable").build());
      }
    },
    PUTS_OFF {
      @Override
      public void command(FakeServer.Talk talk, Command command) {
        talk.reply(FakeServer.retryLater(command));
      }
    }
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void goesOnAtTheNextServerUnderTheSameNumber(Fault fault) {
    FakeServer bad = keep(FakeServer.start(fault));
    FakeServer good = keep(FakeServer.answering(FakeServer::applied));
    KvClient client = client(Duration.ofSeconds(4), bad, good);
    client.put(KEY, VALUE);
    client.put(KEY, VALUE);
    assertThat(good.numbers()).containsExactly(1L, 2L);
    assertThat(good.commands().get(1).getAcknowledged()).isEqualTo(1);
    assertThat(bad.commands()).allMatch(c -> c.equals(good.commands().get(0)));
    assertThat(bad.preambles()).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void passesOverServersThatAreNotThere() {
    FakeServer good = keep(FakeServer.answering(FakeServer::applied));
    KvClient client = keep(
        KvClient.open(List.of(FakeServer.nowhere(), "no-such-host.invalid:1", good.address())));
    client.put(KEY, VALUE);
    assertThat(good.numbers()).containsExactly(1L);
  }

  @ParameterizedTest
  @EnumSource(names = {"STAYS_SILENT", "HANGS_UP_AFTER_THE_WRITE", "REFUSES_THE_FRAME"})
  void aWriteThatServersKeptIsUnknown(Fault fault) {
    KvClient client = client(SHORT, keep(FakeServer.start(fault)), keep(FakeServer.start(fault)));
    assertThatThrownBy(() -> client.put(KEY, VALUE))
        .isInstanceOf(OutcomeUnknownException.class)
        .hasMessageContaining("127.0.0.1:");
    assertThatThrownBy(() -> client.append(KEY, VALUE)).isInstanceOf(OutcomeUnknownException.class);
  }

  @Test
  void aWriteThatAllPutOffIsNotApplied() {
    FakeServer first = keep(FakeServer.start(Fault.PUTS_OFF));
    FakeServer second = keep(FakeServer.start(Fault.PUTS_OFF));
    assertThatThrownBy(() -> client(SHORT, first, second).put(KEY, VALUE))
        .isInstanceOf(NotAppliedException.class)
        .hasMessageContaining("no leader yet");
    assertThat(first.numbers()).hasSizeGreaterThan(1).containsOnly(1L);
    assertThat(second.numbers()).hasSizeGreaterThan(1).containsOnly(1L);
  }

  @Test
  void aWriteIsNotAppliedIfNobodyListens() {
    KvClient client = keep(KvClient.open(
        ClientConfig.of(List.of(FakeServer.nowhere(), FakeServer.nowhere())).withTimeout(SHORT)));
    assertThatThrownBy(() -> client.put(KEY, VALUE))
        .isInstanceOf(NotAppliedException.class)
        .hasMessageContaining("refused the connection");
  }

  @Test
  void aReadIsUnavailableAndNeverUnknown() {
    KvClient client = client(SHORT, keep(FakeServer.silent()));
    assertThatThrownBy(() -> client.get(KEY))
        .isInstanceOf(NotAppliedException.class)
        .hasMessageContaining("unavailable");
  }

  @Test
  void aRefusalIsNotApplied() {
    FakeServer server = keep(FakeServer.answering(c -> FakeServer.refused(c, "too long")));
    assertThatThrownBy(() -> client(SHORT, server).append(KEY, VALUE))
        .isInstanceOf(NotAppliedException.class)
        .hasMessage("refused: too long");
    assertThat(server.numbers()).containsExactly(1L);
  }

  @Test
  void aRefusalAfterAnUnansweredTryIsUnknown() {
    FakeServer silent = keep(FakeServer.silent());
    FakeServer refusing = keep(FakeServer.answering(c -> FakeServer.refused(c, "too long")));
    assertThatThrownBy(() -> client(SHORT, silent, refusing).put(KEY, VALUE))
        .isInstanceOf(OutcomeUnknownException.class)
        .hasMessageContaining("too long");
  }

  @Test
  void theOnlyServerIsAskedAgainOnTheSameConnectionWhenItPutOff() {
    AtomicInteger asked = new AtomicInteger();
    FakeServer server = keep(FakeServer.answering(
        c -> asked.incrementAndGet() < 4 ? FakeServer.retryLater(c) : FakeServer.applied(c)));
    client(Duration.ofSeconds(10), server).put(KEY, VALUE);
    assertThat(server.numbers()).containsExactly(1L, 1L, 1L, 1L);
    assertThat(server.preambles()).hasSize(1);
  }

  @Test
  void staysWithAServerThatPutsOffOnlySome() {
    List<Command> held = new ArrayList<>();
    FakeServer first = keep(FakeServer.start(new FakeServer.Script() {
      @Override
      public void command(FakeServer.Talk talk, Command command) {
        if (held.isEmpty()) {
          held.add(command);
        } else if (held.size() == 1) {
          held.add(command);
          talk.reply(FakeServer.retryLater(command));
        } else {
          talk.reply(FakeServer.applied(held.get(0)), FakeServer.applied(command));
        }
      }
    }));
    FakeServer second = keep(FakeServer.silent());
    KvClient client = client(Duration.ofSeconds(10), first, second);
    CompletableFuture<Void> one = client.putAsync(KEY, VALUE);
    CompletableFuture<Void> two = client.putAsync(KEY, VALUE);
    CompletableFuture.allOf(one, two).join();
    assertThat(first.numbers()).containsExactly(1L, 2L, 2L);
    assertThat(second.preambles()).isEmpty();
  }

  @Test
  void leavesAServerThatPutsOffTheOneAndNeverAnswersTheOther() {
    FakeServer first = keep(FakeServer.start(new FakeServer.Script() {
      @Override
      public void command(FakeServer.Talk talk, Command command) {
        if (command.getNumber() > 1) {
          talk.reply(FakeServer.retryLater(command));
        }
      }
    }));
    FakeServer second = keep(FakeServer.answering(FakeServer::applied));
    KvClient client = client(Duration.ofSeconds(10), first, second);
    CompletableFuture<Void> one = client.putAsync(KEY, VALUE);
    CompletableFuture<Void> two = client.putAsync(KEY, VALUE);
    CompletableFuture.allOf(one, two).join();
    assertThat(first.numbers()).containsExactly(1L, 2L, 2L, 2L);
    assertThat(second.numbers()).containsExactlyInAnyOrder(1L, 2L);
  }

  @Test
  void everythingUnfinishedMovesTogether() {
    FakeServer silent = keep(FakeServer.silent());
    FakeServer good = keep(FakeServer.answering(FakeServer::applied));
    KvClient client = client(Duration.ofSeconds(4), silent, good);
    CompletableFuture<?>[] all = Stream.generate(() -> client.putAsync(KEY, VALUE))
        .limit(50)
        .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(all).join();
    assertThat(good.numbers()).hasSize(50).doesNotHaveDuplicates();
    assertThat(good.commands()).containsExactlyInAnyOrderElementsOf(silent.commands());
  }

  @Test
  void comesBackToAServerThatWasRestarted() {
    FakeServer before = FakeServer.answering(FakeServer::applied);
    KvClient client = client(Duration.ofSeconds(10), before);
    client.put(KEY, VALUE);
    before.close();
    CompletableFuture<Void> next = client.putAsync(KEY, VALUE);
    FakeServer after = keep(FakeServer.restarted(before));
    next.join();
    assertThat(after.numbers()).containsExactly(2L);
  }

  @Test
  void goesBackToTheFirstServerOnceThatServesAgain() {
    FakeServer before = FakeServer.start(WELL);
    FakeServer second = keep(FakeServer.start(WELL));
    KvClient client = client(Duration.ofSeconds(10), before, second);
    client.put(KEY, VALUE);
    before.close();
    client.put(KEY, VALUE);
    FakeServer after = keep(FakeServer.restarted(before));
    await().until(() -> {
      client.put(KEY, VALUE);
      return after.commands().size() == 1;
    });
    List<Long> numbers = Stream.of(before, second, after)
        .flatMap(server -> server.numbers().stream())
        .toList();
    assertThat(numbers)
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, numbers.size()).boxed().toList());
  }

  @Test
  void doesNotDialWhileThereIsNothingToDo() {
    FakeServer first = keep(FakeServer.start(new FakeServer.Script() {
      @Override
      public void command(FakeServer.Talk talk, Command command) {
        talk.reply(FakeServer.applied(command));
        talk.hangUp();
      }
    }));
    FakeServer second = keep(FakeServer.answering(FakeServer::applied));
    KvClient client = client(Duration.ofSeconds(10), first, second);
    client.put(KEY, VALUE);
    assertThat(second.preambles()).isEmpty();
    client.put(KEY, VALUE);
    await().until(() -> first.numbers().size() + second.numbers().size() >= 2);
    assertThat(second.numbers()).containsExactly(2L);
  }

  private KvClient client(Duration timeout, FakeServer... servers) {
    List<String> addresses = Stream.of(servers).map(FakeServer::address).toList();
    return keep(KvClient.open(ClientConfig.of(addresses).withTimeout(timeout)));
  }

  private <T extends AutoCloseable> T keep(T each) {
    open.add(0, each);
    return each;
  }
}
