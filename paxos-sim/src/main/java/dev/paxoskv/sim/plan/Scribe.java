package dev.paxoskv.sim.plan;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.sim.check.Witness;
import dev.paxoskv.sim.golden.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes down what the peers of a run are given, in the order in which they get it, as commands of
 * a golden script. Ticks are written down only where a peer spoke without having been given
 * anything.
 */
final class Scribe implements Witness {

  /** A command and the message that it is about, if it is about one. */
  private record Entry(String command, Optional<Hop> hop) {}

  private final List<Entry> entries = new ArrayList<>();
  private final boolean[] hasInput;

  Scribe(int peers) {
    hasInput = new boolean[peers];
    write("peers " + peers, Optional.empty());
  }

  List<String> commands() {
    return entries.stream().map(Entry::command).toList();
  }

  @Override
  public void started(int peer, long seq, Value value) {
    hasInput[peer] = true;
    write("start " + peer + " seq=" + seq + " v=" + value, Optional.empty());
  }

  @Override
  public void done(int peer, long seq) {
    hasInput[peer] = true;
    write("done " + peer + " " + seq, Optional.empty());
  }

  @Override
  public void arrived(Hop hop) {
    hasInput[hop.to()] = true;
    int first = firstArrival(hop);
    if (first >= 0) {
      // The network has doubled it, which must be done before the first of the two is gone.
      entries.add(first, new Entry("duplicate " + words(hop), Optional.empty()));
    }
    write("deliver " + words(hop), Optional.of(hop));
  }

  @Override
  public void failed(Hop hop) {
    hasInput[hop.from()] = true;
    write("fail " + words(hop), Optional.empty());
  }

  @Override
  public void sent(Hop hop) {
    String command = "timeout " + hop.from();
    boolean isSaid = entries.get(entries.size() - 1).command.equals(command);
    if (!hasInput[hop.from()] && !isSaid) {
      write(command, Optional.empty());
    }
  }

  @Override
  public void settled(int peer, Host host) {
    hasInput[peer] = false;
  }

  private void write(String command, Optional<Hop> hop) {
    entries.add(new Entry(command, hop));
  }

  /** Where this very message arrived before; -1 if it did not. */
  private int firstArrival(Hop hop) {
    for (int i = 0; i < entries.size(); i++) {
      if (isThis(entries.get(i), hop)) {
        return i;
      }
    }
    return -1;
  }

  /** The same words may be sent twice; that is not one message that arrives twice. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isThis(Entry entry, Hop hop) {
    return entry.hop.isPresent() && entry.hop.get() == hop;
  }

  private static String words(Hop hop) {
    Packet packet = new Packet(hop.from(), hop.to(), hop.envelope());
    return packet.wordsAmong(List.of(packet)) + " #1";
  }
}
