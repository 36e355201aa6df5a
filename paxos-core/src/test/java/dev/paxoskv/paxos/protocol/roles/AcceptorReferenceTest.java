package dev.paxoskv.paxos.protocol.roles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.PrepareRange;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.RangePromise;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Message.Report;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import dev.paxoskv.paxos.protocol.history.Spilled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The acceptor does what the textbook's handful of lines do, whatever comes in whatever order. A
 * promise for all instances is to the textbook a promise in each.
 */
class AcceptorReferenceTest {
  private static final int MESSAGES = 400;
  private static final int INSTANCES = 3;

  /** An incarnation that only ballots for all instances have: one ballot has one use. */
  private static final long RANGES = 2;

  /** The textbook's acceptor of one instance. */
  private static final class Textbook {
    Ballot np = Ballot.ZERO;
    Optional<Vote> na = Optional.empty();

    boolean prepare(Ballot n) {
      if (n.isAbove(np)) {
        np = n;
        return true;
      }
      return false;
    }

    boolean accept(Ballot n, Value v) {
      if (n.isAtLeast(np)) {
        np = n;
        na = Optional.of(new Vote(n, v));
        return true;
      }
      return false;
    }
  }

  private Ballot range = Ballot.ZERO;

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesWithTheTextbook(long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    Acceptor acceptor = new Acceptor(new Outbox(), new DoneMarks(0, 3), new Spilled());
    TreeMap<Long, Textbook> textbooks = new TreeMap<>();
    for (long seq = 0; seq < INSTANCES; seq++) {
      textbooks.put(seq, new Textbook());
    }
    for (int i = 0; i < MESSAGES; i++) {
      if (dice.nextInt(10) == 0) {
        Ballot ballot = new Ballot(1 + dice.nextLong(1 + i / 20), dice.nextInt(3), RANGES);
        prepareAll(acceptor, textbooks, ballot, dice.nextLong(INSTANCES + 1));
        continue;
      }
      long seq = dice.nextLong(INSTANCES);
      Ballot ballot = new Ballot(1 + dice.nextLong(1 + i / 20), dice.nextInt(3), dice.nextLong(2));
      // One value per ballot, as every correct proposer has it.
      Value value = Value.of(seq + "@" + ballot + "." + ballot.incarnation());
      Textbook textbook = textbooks.get(seq);
      boolean isRepeat = ballot.equals(textbook.np)
          && textbook.na.filter(v -> v.ballot().equals(ballot)).isEmpty();

      Message.Answer expected;
      Message.Answer answer;
      if (dice.nextBoolean()) {
        // The one addition: the same Prepare again, with nothing accepted at it, is answered again.
        boolean isOk = textbook.prepare(ballot) || isRepeat;
        expected = isOk ? new Promise(seq, ballot, textbook.na) : reject(seq, ballot, textbook);
        answer = acceptor.onPrepare(new Prepare(seq, ballot));
      } else {
        boolean isOk = textbook.accept(ballot, value);
        expected = isOk ? new Accepted(seq, ballot) : reject(seq, ballot, textbook);
        answer = acceptor.onAccept(new Accept(seq, ballot, value));
      }

      assertThat(answer).as("seed %d, message %d", seed, i).isEqualTo(expected);
    }
  }

  private void prepareAll(
      Acceptor acceptor, Map<Long, Textbook> textbooks, Ballot ballot, long from) {
    boolean isOk = ballot.isAtLeast(range);
    List<Report> reports = new ArrayList<>();
    for (long seq = from; isOk && seq < INSTANCES; seq++) {
      Textbook textbook = textbooks.get(seq);
      boolean isTaken = textbook.np.isAtLeast(ballot) && !textbook.np.equals(range);
      Optional<Vote> vote = isTaken ? Optional.empty() : textbook.na;
      if (isTaken || vote.isPresent()) {
        reports.add(new Report(seq, vote, Optional.empty()));
      }
    }
    Message.Answer expected = isOk
        ? new RangePromise(ballot, from, Long.MAX_VALUE, reports)
        : new Reject(from, ballot, range, true);
    if (isOk) {
      range = ballot;
      textbooks.values().forEach(textbook -> textbook.prepare(ballot));
    }
    Message.Answer answer =
        acceptor.onPrepareRange(new PrepareRange(ballot, from), new TreeMap<>());
    assertThat(answer).isEqualTo(expected);
  }

  private Reject reject(long seq, Ballot ballot, Textbook textbook) {
    return new Reject(seq, ballot, textbook.np, range.isAbove(ballot));
  }
}
