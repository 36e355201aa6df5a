package dev.paxoskv.paxos.protocol.roles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The acceptor does what the textbook's handful of lines do, whatever comes in whatever order. */
class AcceptorReferenceTest {
  private static final int MESSAGES = 400;

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

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesWithTheTextbook(long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    Acceptor acceptor = new Acceptor(new Outbox(), new DoneMarks(0, 3));
    TreeMap<Long, Textbook> textbooks = new TreeMap<>();
    for (int i = 0; i < MESSAGES; i++) {
      long seq = dice.nextLong(3);
      Ballot ballot = new Ballot(1 + dice.nextLong(1 + i / 20), dice.nextInt(3), dice.nextLong(2));
      // One value per ballot, as every correct proposer has it.
      Value value = Value.of(seq + "@" + ballot + "." + ballot.incarnation());
      Textbook textbook = textbooks.computeIfAbsent(seq, s -> new Textbook());
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

  private static Reject reject(long seq, Ballot ballot, Textbook textbook) {
    return new Reject(seq, ballot, textbook.np);
  }
}
