package dev.paxoskv.paxos.journal;

import dev.paxoskv.paxos.journal.format.Frame;
import dev.paxoskv.paxos.journal.format.SegmentHead;
import dev.paxoskv.paxos.protocol.Recovered;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Describes a log for people. Changes nothing, so the tail of a crash is still there afterwards.
 */
public final class Inspect {
  private Inspect() {}

  /**
   * What is on {@code disk}, as lines of text. A log that cannot be used is described as far as it
   * can be, and the last line says why.
   *
   * @throws IOException if the disk fails
   */
  public static List<String> describe(Disk disk) throws IOException {
    List<String> lines = new ArrayList<>();
    List<Long> numbers = new ArrayList<>();
    for (String file : disk.list().stream().sorted().toList()) {
      if (SegmentHead.isSegment(file)) {
        numbers.add(SegmentHead.number(file));
      }
    }
    if (numbers.isEmpty()) {
      return List.of("no log");
    }
    try {
      records(disk, numbers, lines);
    } catch (LostDiskException e) {
      lines.add(e.getMessage());
    }
    return lines;
  }

  private static void records(Disk disk, List<Long> numbers, List<String> lines)
      throws IOException {
    LogReader reader = new LogReader(disk, numbers);
    LiveRecords live = new LiveRecords();
    Map<Frame.Type, Integer> counts = new EnumMap<>(Frame.Type.class);
    long segment = numbers.get(0);
    Optional<Frame> frame = reader.next();
    while (frame.isPresent()) {
      if (reader.segment() != segment) {
        lines.add(SegmentHead.file(segment) + ": " + counts);
        counts.clear();
        segment = reader.segment();
      }
      counts.merge(frame.get().type(), 1, Integer::sum);
      if (reader.victim().isPresent()) {
        Recovery.damage(reader.victim().get(), live, reader.spot());
      }
      Recovery.add(frame.get(), live, reader.spot());
      frame = reader.next();
    }
    lines.add(SegmentHead.file(segment) + ": " + counts);
    lines.addAll(reader.findings());
    lines.add("log position " + reader.end().lsn() + ", byte " + reader.end().offset() + " of "
        + SegmentHead.file(segment));
    lines.addAll(state(live.state()));
    reader.checkComplete();
  }

  private static List<String> state(Recovered state) {
    List<String> lines = new ArrayList<>();
    lines.add("min " + state.min() + ", max " + state.max() + ", snapshot up to " + state.snapshot()
        + ", promised everywhere " + state.rangePromised() + ", done marks " + state.doneMarks());
    long votes = 0;
    long decided = 0;
    List<Long> faulty = new ArrayList<>();
    for (Map.Entry<Long, Recovered.Instance> each : state.instances().entrySet()) {
      votes += each.getValue().vote().isPresent() ? 1 : 0;
      decided += each.getValue().decided().isPresent() ? 1 : 0;
      if (each.getValue().isFaulty()) {
        faulty.add(each.getKey());
      }
    }
    lines.add(state.instances().size() + " instances, " + votes + " with a vote, " + decided
        + " decided");
    state
        .registered()
        .values()
        .forEach(member -> lines.add("peer " + member.peer() + " is member " + member.memberId()
            + ", incarnation " + member.incarnation()));
    if (!faulty.isEmpty()) {
      lines.add("faulty instances, whose vote is lost: " + faulty);
    }
    return lines;
  }
}
