package dev.paxoskv.paxos.protocol.leader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Talk.ReadChecked;
import org.junit.jupiter.api.Test;

/** Whose word a read waits for, and how far its index reaches. */
class ReadIndexTest {
  private final Ground ground = new Ground();
  private final Leadership leadership = new Leadership(0, new Quorum(3), ground);
  private final ReadIndex reads = new ReadIndex(0, new Quorum(3), leadership, ground);

  private void noted(String... notes) {
    assertThat(ground.notes).containsExactly(notes);
    ground.notes.clear();
  }

  private static void nothing() {
    // Ground notes that the read is answered.
  }

  private void ask() {
    reads.read(ReadIndexTest::nothing);
    reads.ask();
  }

  @Test
  void theHighestWordOfAMajorityCounts() {
    ground.accepted = 3;
    ask();
    noted("check 1 #1 except none", "check 2 #1 except none");
    reads.onReadChecked(1, new ReadChecked(1, 7));
    noted("answer 1 at 7");
    ask();
    ground.notes.clear();
    reads.onReadChecked(2, new ReadChecked(2, 2));
    noted("answer 1 at 3");
  }

  @Test
  void aLeaderLeavesOutItsOwnBallotAndCountsWhatItProposed() {
    Ground.lead(leadership, 1);
    leadership.opening(9);
    ground.notes.clear();
    ask();
    noted("check 1 #1 except 1.0", "check 2 #1 except 1.0");
    reads.onReadChecked(1, new ReadChecked(1, 4));
    noted("answer 1 at 9");
  }

  /** What it proposed under that ballot it no longer knows, or never did. */
  @Test
  void whoLeadsNoMoreLeavesOutNothing() {
    Ground.lead(leadership, 1);
    leadership.opening(9);
    leadership.resign();
    ground.notes.clear();
    ask();
    noted("check 1 #1 except none", "check 2 #1 except none");
    reads.onReadChecked(1, new ReadChecked(1, 4));
    noted("answer 1 at 4");
  }

  @Test
  void anAnswerToAnEarlierQuestionIsOlderThanTheReadsThatWait() {
    ask();
    reads.onReadChecked(1, new ReadChecked(1, 4));
    ask();
    ground.notes.clear();
    reads.onReadChecked(2, new ReadChecked(1, 4));
    noted();
    reads.onReadChecked(2, new ReadChecked(2, 5));
    noted("answer 1 at 5");
    reads.onReadChecked(1, new ReadChecked(2, 5));
    noted();
  }

  @Test
  void readsThatComeWhileAQuestionIsOutWaitForTheNext() {
    reads.ask();
    noted();
    ask();
    ask();
    ask();
    noted("check 1 #1 except none", "check 2 #1 except none");
    reads.onReadChecked(1, new ReadChecked(1, 4));
    noted("answer 1 at 4");
    reads.ask();
    reads.onReadChecked(2, new ReadChecked(2, 6));
    noted("check 1 #2 except none", "check 2 #2 except none", "answer 2 at 6");
  }

  @Test
  void whoHasNotAnsweredIsAskedAgain() {
    ReadIndex ofFive = new ReadIndex(0, new Quorum(5), leadership, ground);
    ofFive.read(ReadIndexTest::nothing);
    ofFive.ask();
    ofFive.onReadChecked(2, new ReadChecked(1, 4));
    ground.notes.clear();
    ofFive.tick(ReadIndex.AGAIN_TICKS - 1);
    noted();
    ofFive.tick(ReadIndex.AGAIN_TICKS);
    noted("check 1 #1 except none", "check 3 #1 except none", "check 4 #1 except none");
    ofFive.onReadChecked(3, new ReadChecked(1, 4));
    noted("answer 1 at 4");
    ofFive.tick(9 * ReadIndex.AGAIN_TICKS);
    noted();
  }
}
