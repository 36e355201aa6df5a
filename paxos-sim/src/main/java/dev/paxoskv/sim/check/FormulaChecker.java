package dev.paxoskv.sim.check;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Fetched;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.RangePromise;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * G8: min, max and status of each peer are what the seed's text says. Min is one more than the
 * least done mark that the peer has heard of; max is the highest instance that it has heard of and
 * had not forgotten; status is Forgotten below min, the value where a decision was learnt, and else
 * Pending.
 */
final class FormulaChecker implements Witness {
  static final String RULE = "G8 the seed's formulas";

  /** What a peer should say, by the seed's text, as far as it has been told. */
  private static final class Model {
    final long[] marks;
    final Map<Long, Value> decided = new TreeMap<>();
    final TreeSet<Long> touched = new TreeSet<>();
    long max = -1;

    Model(int peers) {
      this.marks = new long[peers];
      Arrays.fill(marks, -1);
    }

    long min() {
      long least = marks[0];
      for (long mark : marks) {
        least = Math.min(least, mark);
      }
      return least + 1;
    }

    void mark(int peer, long mark) {
      if (mark > marks[peer]) {
        touched.add(Math.max(0, min() - 1));
        marks[peer] = mark;
        touched.add(min());
        touched.add(Math.max(0, min() - 1));
      }
    }

    void seen(long seq) {
      max = Math.max(max, seq);
      touched.add(seq);
    }

    void seenUnlessForgotten(long seq) {
      if (seq >= min()) {
        seen(seq);
      }
    }

    Status status(long seq) {
      Value value = decided.get(seq);
      if (seq < min()) {
        return Status.FORGOTTEN;
      }
      return value == null ? Status.PENDING : Status.decided(value);
    }
  }

  private final List<Model> models = new ArrayList<>();

  FormulaChecker(int peers) {
    for (int peer = 0; peer < peers; peer++) {
      models.add(new Model(peers));
    }
  }

  @Override
  public void started(int peer, long seq, Value value) {
    models.get(peer).seenUnlessForgotten(seq);
  }

  @Override
  public void done(int peer, long seq) {
    models.get(peer).mark(peer, seq);
  }

  @Override
  public void decided(int peer, long seq, Value value) {
    Model model = models.get(peer);
    model.decided.put(seq, value);
    model.touched.add(seq);
  }

  @Override
  public void arrived(Hop hop) {
    Model model = models.get(hop.to());
    model.mark(hop.from(), hop.envelope().done());
    Message message = hop.message();
    hop.envelope()
        .news()
        .ifPresent(news -> news.spans().forEach(span -> {
          for (long seq = span.first(); seq <= span.last(); seq++) {
            model.seenUnlessForgotten(seq);
          }
        }));
    if (message instanceof Prepare prepare) {
      model.seen(prepare.seq());
    } else if (message instanceof Accept accept) {
      model.seen(accept.seq());
    } else if (message instanceof Decided decided) {
      model.seenUnlessForgotten(decided.seq());
    } else if (message instanceof Fetched fetched) {
      fetched.entries().forEach(entry -> model.seenUnlessForgotten(entry.seq()));
    } else if (message instanceof RangePromise promise) {
      promise.reports().forEach(report -> model.seenUnlessForgotten(report.seq()));
    } else if (message instanceof Forgotten forgotten) {
      for (int peer = 0; peer < model.marks.length; peer++) {
        // Nobody raises a peer's mark for it.
        if (peer != hop.to()) {
          model.mark(peer, forgotten.doneMarks().get(peer));
        }
      }
    }
  }

  @Override
  public void settled(int peer, Host host) {
    Model model = models.get(peer);
    require(host.max() == model.max, peer, "max", host.max(), model.max);
    require(host.min() == model.min(), peer, "min", host.min(), model.min());
    for (long seq : model.touched) {
      Status status = host.status(seq);
      Status expected = model.status(seq);
      require(status.equals(expected), peer, "status of " + seq, status, expected);
    }
    model.touched.clear();
  }

  private static void require(boolean holds, int peer, String what, Object found, Object expected) {
    if (!holds) {
      throw new Violation(
          RULE, what + " at peer " + peer + " is " + found + ", should be " + expected);
    }
  }
}
