package dev.paxoskv.paxos.protocol.roles;

import static dev.paxoskv.paxos.protocol.roles.Words.X;
import static dev.paxoskv.paxos.protocol.roles.Words.sendNow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Message.Fetched;
import dev.paxoskv.paxos.protocol.Talk.Pull;
import dev.paxoskv.paxos.protocol.history.Spilled;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Anti-entropy asks the others in turn, in the rhythm it was given, and follows up what helps. */
class CatchUpTest {
  private static final Fetch ALL = new Fetch(0, Long.MAX_VALUE);

  private final Outbox outbox = new Outbox();
  private final DoneMarks done = new DoneMarks(1, 4);
  private final Learner learner = new Learner(outbox, done, new Spilled());

  @Test
  void asksTheOthersInTurn() {
    CatchUp catchUp = catchUp(4, 10);
    catchUp.tick(1);
    assertThat(outbox.drain()).isEqualTo(List.of(sendNow(2, ALL)));
    catchUp.tick(10);
    assertThat(outbox.drain()).isEmpty();
    catchUp.tick(11);
    assertThat(outbox.drain()).isEqualTo(List.of(sendNow(3, ALL)));
    catchUp.tick(21);
    assertThat(outbox.drain()).isEqualTo(List.of(sendNow(0, ALL)));
    catchUp.tick(31);
    assertThat(outbox.drain()).as("not itself").isEqualTo(List.of(sendNow(2, ALL)));
  }

  @Test
  void asksForTheFirstGapOnly() {
    CatchUp catchUp = catchUp(4, 10);
    learner.decide(0, X);
    learner.decide(5, X);
    outbox.drain();

    catchUp.tick(1);
    assertThat(outbox.drain()).isEqualTo(List.of(sendNow(2, new Fetch(1, 4))));
  }

  @Test
  void followsUpWhatHelpedUntilItHasAll() {
    CatchUp catchUp = catchUp(4, 10);
    learner.decide(0, X);
    outbox.drain();
    Fetched more = new Fetched(List.of(), 1);

    catchUp.onFetched(3, more, true);
    assertThat(outbox.drain()).isEqualTo(List.of(sendNow(3, new Fetch(1, Long.MAX_VALUE))));
    catchUp.onFetched(3, more, false);
    assertThat(outbox.drain()).as("would ask for ever").isEmpty();
    catchUp.onFetched(3, new Fetched(List.of(), 0), true);
    assertThat(outbox.drain()).as("the other knows no more").isEmpty();
  }

  @Test
  void asksForNothingThatTheStateCovers() {
    CatchUp catchUp = catchUp(4, 10);
    catchUp.applied(9);
    catchUp.tick(1);
    assertThat(outbox.drain()).isEqualTo(List.of(sendNow(2, new Fetch(10, Long.MAX_VALUE))));
    assertThat(catchUp.needed()).isEqualTo(10);
  }

  /** Its own snapshot is lost, so nothing that comes in the log can be applied. */
  @Test
  void whoseLogHasForgottenWhatItsStateLacksPullsASnapshot() {
    CatchUp catchUp = catchUp(4, 10);
    done.raiseFloor(8);
    learner.forget();
    assertThat(catchUp.needed()).isEqualTo(7);
    catchUp.tick(1);
    Fetch fetch = new Fetch(8, Long.MAX_VALUE);
    Pull pull = new Pull(-1, 0, 0, new ReplicaConfig(1, 4, 1, 10).pieceBytes());
    assertThat(outbox.drain()).isEqualTo(List.of(sendNow(2, fetch), sendNow(2, pull)));
    catchUp.applied(7);
    assertThat(catchUp.needed()).isEqualTo(8);
    CatchUp covered = catchUp(4, 10);
    covered.applied(7);
    covered.tick(1);
    assertThat(outbox.drain()).isEqualTo(List.of(sendNow(2, fetch)));
  }

  @Test
  void isSilentInTheLibraryAndAlone() {
    CatchUp library = catchUp(4, 0);
    CatchUp alone = new CatchUp(new ReplicaConfig(0, 1, 1, 10), outbox, learner);
    for (int tick = 1; tick < 100; tick++) {
      library.tick(tick);
      alone.tick(tick);
    }
    library.onFetched(0, new Fetched(List.of(), 9), true);
    assertThat(outbox.drain()).isEmpty();
  }

  private CatchUp catchUp(int peers, int ticks) {
    return new CatchUp(new ReplicaConfig(1, peers, 1, ticks), outbox, learner);
  }
}
