package dev.paxoskv.sim.golden;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Done;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Message.Fetched;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Message.NotRegistered;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.PrepareRange;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.RangePromise;
import dev.paxoskv.paxos.protocol.Message.Register;
import dev.paxoskv.paxos.protocol.Message.Registered;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Message.Report;
import dev.paxoskv.paxos.protocol.Talk.Forward;
import dev.paxoskv.paxos.protocol.Talk.News;
import dev.paxoskv.paxos.protocol.Talk.Piece;
import dev.paxoskv.paxos.protocol.Talk.Ping;
import dev.paxoskv.paxos.protocol.Talk.Pong;
import dev.paxoskv.paxos.protocol.Talk.Pull;
import dev.paxoskv.paxos.protocol.Talk.ReadCheck;
import dev.paxoskv.paxos.protocol.Talk.ReadChecked;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Messages and records in the words of the scripts: short, and one below the other. */
final class Text {
  private Text() {}

  /** Who, what, and the rest, in columns. */
  static String line(String who, String what, String rest) {
    return String.format(Locale.ROOT, "%-5s %-9s %s", who, what, rest).stripTrailing();
  }

  static String kind(Message message) {
    return message.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  static String detail(Envelope envelope) {
    String mark = envelope.done() < 0 ? "" : " (done " + envelope.done() + ")";
    Detail detail = new Detail(new StringBuilder());
    if (envelope.message() instanceof Message.Request request) {
      request.deliver(-1, detail);
    } else if (envelope.message() instanceof Message.Answer answer) {
      answer.deliver(-1, detail);
    }
    return (detail.text() + mark + envelope.news().map(Text::news).orElse("")).strip();
  }

  private static String news(News news) {
    return news.spans().stream()
        .map(span -> span.first() + ".." + span.last())
        .collect(Collectors.joining(", ", " (decided " + news.ballot() + " ", ")"));
  }

  static String record(DurableRecord record) {
    if (record instanceof DurableRecord.Promised promised) {
      return "promised " + at(promised.seq(), promised.ballot());
    } else if (record instanceof DurableRecord.RangePromised promised) {
      return "promised all " + promised.ballot();
    } else if (record instanceof DurableRecord.Voted voted) {
      return "voted    " + at(voted.seq(), voted.vote().ballot()) + " "
          + voted.vote().value();
    }
    if (record instanceof DurableRecord.Registered registered) {
      return "registered " + registered.peer() + " " + registered.memberId();
    }
    if (record instanceof DurableRecord.SnapshotMark) {
      return "snapshot up to seq=" + record.seq();
    }
    return "floor    seq=" + record.seq();
  }

  /** The ballot that a record is about; the lowest if it is about none. */
  static Ballot ballot(DurableRecord record) {
    if (record instanceof DurableRecord.Promised promised) {
      return promised.ballot();
    } else if (record instanceof DurableRecord.RangePromised promised) {
      return promised.ballot();
    }
    return record instanceof DurableRecord.Voted voted ? voted.vote().ballot() : Ballot.ZERO;
  }

  static String utf8(Value value) {
    return new String(value.bytes(), UTF_8);
  }

  static String vote(Optional<Vote> vote) {
    return vote.map(v -> "voted " + v.ballot() + " " + v.value()).orElse("no vote");
  }

  private static String at(long seq, Ballot ballot) {
    return "seq=" + seq + " " + ballot;
  }

  /** The part of a message that follows its kind; the sender argument means nothing here. */
  private record Detail(StringBuilder text)
      implements Message.RequestHandler, Message.AnswerHandler {

    @Override
    public void onPrepare(int from, Prepare m) {
      text.append(at(m.seq(), m.ballot()));
    }

    @Override
    public void onPromise(int from, Promise m) {
      text.append(at(m.seq(), m.ballot())).append(", ").append(vote(m.vote()));
    }

    @Override
    public void onPrepareRange(int from, PrepareRange m) {
      text.append(m.ballot()).append(" from ").append(m.from());
    }

    @Override
    public void onRangePromise(int from, RangePromise m) {
      String end = m.end() == Long.MAX_VALUE ? "" : Long.toString(m.end());
      text.append(m.ballot()).append(" ").append(m.first()).append("..").append(end);
      m.reports().forEach(report -> text.append(", ").append(report(report)));
    }

    private static String report(Report report) {
      String said = report.decided().map(value -> "decided " + value).orElse("no promise");
      return "seq=" + report.seq() + " " + (report.vote().isPresent() ? vote(report.vote()) : said);
    }

    @Override
    public void onAccept(int from, Accept m) {
      text.append(at(m.seq(), m.ballot())).append(" ").append(m.value());
    }

    @Override
    public void onAccepted(int from, Accepted m) {
      text.append(at(m.seq(), m.ballot()));
    }

    @Override
    public void onReject(int from, Reject m) {
      text.append(at(m.seq(), m.ballot())).append(", promised ").append(m.promised());
      text.append(m.isOfRange() ? " for all" : "");
    }

    @Override
    public void onDecided(int from, Decided m) {
      String ballot = m.ballot().equals(Ballot.ZERO) ? "" : " " + m.ballot();
      String value = m.value().map(v -> " " + v).orElse("");
      text.append("seq=").append(m.seq()).append(ballot).append(value);
    }

    @Override
    public void onDone(int from, Done m) {
      // All it says is the done mark of its envelope.
    }

    @Override
    public void onForgotten(int from, Forgotten m) {
      String marks =
          m.doneMarks().stream().map(mark -> Long.toString(mark)).collect(Collectors.joining(" "));
      text.append("seq=").append(m.seq()).append(", done marks ").append(marks);
    }

    @Override
    public void onFetch(int from, Fetch m) {
      String last = m.last() == Long.MAX_VALUE ? "" : Long.toString(m.last());
      text.append("seq=").append(m.first()).append("..").append(last);
    }

    @Override
    public void onFetched(int from, Fetched m) {
      m.entries()
          .forEach(e ->
              text.append("seq=").append(e.seq()).append(" ").append(e.value()).append(", "));
      text.append("max ").append(m.max());
    }

    @Override
    public void onPing(int from, Ping m) {
      text.append(m.sent());
      text.append(m.claim().equals(Ballot.ZERO) ? "" : ", leads " + m.claim());
    }

    @Override
    public void onForward(int from, Forward m) {
      text.append(m.value());
    }

    @Override
    public void onReadCheck(int from, ReadCheck m) {
      text.append(m.number());
      text.append(m.except().equals(Ballot.ZERO) ? "" : " but for " + m.except());
    }

    @Override
    public void onReadChecked(int from, ReadChecked m) {
      text.append(m.number()).append(" up to ").append(m.highest());
    }

    @Override
    public void onPull(int from, Pull m) {
      text.append(m.index() < 0 ? "newest" : "up to " + m.index());
      text.append(" from byte ").append(m.offset());
    }

    @Override
    public void onPiece(int from, Piece m) {
      String end = m.offset() + m.bytes().size() + " of " + m.size();
      String piece = "up to " + m.index() + " bytes " + m.offset() + ".." + end;
      text.append(m.isNone() ? "none" : piece);
    }

    @Override
    public void onPong(int from, Pong m) {
      text.append(m.sent()).append(m.hearsLeader() ? ", hears a leader" : "");
      text.append(m.reachesLeader() ? " and reaches it" : "");
      text.append(m.takesWork() ? "" : ", full or stuck");
    }

    @Override
    public void onRegister(int from, Register m) {
      text.append(m.member()).append(" durable ").append(m.durable());
    }

    @Override
    public void onRegistered(int from, Registered m) {
      text.append(m.member());
    }

    @Override
    public void onNotRegistered(int from, NotRegistered m) {
      text.append(m.member()).append(" ").append(m.reason());
    }
  }
}
