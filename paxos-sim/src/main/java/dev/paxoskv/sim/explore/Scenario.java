package dev.paxoskv.sim.explore;

import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.sim.golden.Plant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A small world to be explored in full. Messages may always be lost, repeated, delayed and
 * reordered without limit, and every wait may end at any time; the rest is said here.
 *
 * @param peers how many
 * @param starts what applications may start, each at any time or never
 * @param roundsMax no ballot goes above this round: this bound makes the world finite
 * @param isJournalHeld whether a disk may take its time, so that a crash loses something
 * @param crashesMax how many peers may stop for ever
 * @param areFailuresTold whether a sender may hear that a request did not get through
 * @param isDoneCalled whether an application may be done with what it has learnt
 * @param plant what is wrong on purpose
 */
public record Scenario(
    int peers,
    List<Start> starts,
    long roundsMax,
    boolean isJournalHeld,
    int crashesMax,
    boolean areFailuresTold,
    boolean isDoneCalled,
    Plant plant) {

  /** The application of {@code peer} wants {@code seq} to be {@code value}. */
  public record Start(int peer, long seq, Value value) {
    static Start of(int peer, long seq, String value) {
      return new Start(peer, seq, Value.of(value));
    }
  }

  /** Three peers, of which 0 wants x and 1 wants y in each of the first {@code instances}. */
  public static Scenario duel(int instances, long roundsMax) {
    List<Start> starts = LongStream.range(0, instances)
        .boxed()
        .flatMap(seq -> Stream.of(Start.of(0, seq, "x"), Start.of(1, seq, "y")))
        .toList();
    return new Scenario(3, starts, roundsMax, false, 0, false, false, Plant.NONE);
  }

  /** What may be decided, by instance. */
  Map<Long, Set<Value>> proposed() {
    return starts.stream()
        .collect(Collectors.groupingBy(
            Start::seq, Collectors.mapping(Start::value, Collectors.toSet())));
  }

  /** The same with other starts. */
  public Scenario starting(Start... other) {
    return new Scenario(
        peers,
        List.of(other),
        roundsMax,
        isJournalHeld,
        crashesMax,
        areFailuresTold,
        isDoneCalled,
        plant);
  }

  /** The same with slow disks, and up to {@code crashes} peers that stop. */
  public Scenario withSlowDisks(int crashes) {
    return new Scenario(
        peers, starts, roundsMax, true, crashes, areFailuresTold, isDoneCalled, plant);
  }

  /** The same on a network that tells what did not get through. */
  public Scenario failingFast() {
    return new Scenario(
        peers, starts, roundsMax, isJournalHeld, crashesMax, true, isDoneCalled, plant);
  }

  /** The same with applications that are done at some time. */
  public Scenario forgetting() {
    return new Scenario(
        peers, starts, roundsMax, isJournalHeld, crashesMax, areFailuresTold, true, plant);
  }

  /** The same with something wrong. */
  public Scenario planting(Plant wrong) {
    return new Scenario(
        peers, starts, roundsMax, isJournalHeld, crashesMax, areFailuresTold, isDoneCalled, wrong);
  }
}
