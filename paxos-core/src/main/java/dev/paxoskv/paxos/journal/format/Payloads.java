package dev.paxoskv.paxos.journal.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.Decided;
import dev.paxoskv.paxos.protocol.DurableRecord.DoneMark;
import dev.paxoskv.paxos.protocol.DurableRecord.Faulty;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.Promised;
import dev.paxoskv.paxos.protocol.DurableRecord.RangePromised;
import dev.paxoskv.paxos.protocol.DurableRecord.Registered;
import dev.paxoskv.paxos.protocol.DurableRecord.SnapshotMark;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A durable record as the bytes between a record's header and its padding, and back. */
public final class Payloads {
  public static final int BALLOT_BYTES = 20;

  private Payloads() {}

  public static Frame.Type type(DurableRecord record) {
    if (record instanceof Voted) {
      return Frame.Type.ACCEPT;
    } else if (record instanceof Promised) {
      return Frame.Type.PROMISE_SLOT;
    } else if (record instanceof RangePromised) {
      return Frame.Type.PROMISE_RANGE;
    } else if (record instanceof Decided) {
      return Frame.Type.DECIDED;
    } else if (record instanceof DoneMark) {
      return Frame.Type.DONE;
    } else if (record instanceof Floor) {
      return Frame.Type.FLOOR;
    } else if (record instanceof SnapshotMark) {
      return Frame.Type.SNAPSHOT_MARK;
    } else if (record instanceof Registered) {
      return Frame.Type.REGISTERED;
    }
    return Frame.Type.FAULTY;
  }

  /**
   * What tells a lost record's subject: its instance, the peer that it is about, or which ballot.
   */
  public static long key(DurableRecord record) {
    if (record instanceof RangePromised promised) {
      return key(promised.ballot());
    }
    if (record instanceof Registered member) {
      return member.peer();
    }
    return record instanceof DoneMark mark ? mark.peer() : record.seq();
  }

  /** One number for a ballot, that another ballot has only by the rarest chance. */
  private static long key(Ballot ballot) {
    long mixed = ballot.round() * 0x9e3779b97f4a7c15L + ballot.peer();
    return mixed * 0xbf58476d1ce4e5b9L + ballot.incarnation();
  }

  public static int size(DurableRecord record) {
    if (record instanceof Voted voted) {
      return 8 + BALLOT_BYTES + 4 + voted.vote().value().size();
    } else if (record instanceof Promised || record instanceof RangePromised) {
      return 8 + BALLOT_BYTES;
    } else if (record instanceof Decided decided) {
      return 8 + 8 + 4 + decided.value().map(Value::size).orElse(0);
    } else if (record instanceof DoneMark) {
      return 4 + 8;
    } else if (record instanceof Registered member) {
      return 4 + 8 + 4 + member.memberId().getBytes(UTF_8).length;
    }
    return 8;
  }

  public static void put(DurableRecord record, ByteBuffer to) {
    if (record instanceof Voted voted) {
      to.putLong(voted.seq());
      putBallot(voted.vote().ballot(), to);
      putBytes(voted.vote().value().bytes(), to);
    } else if (record instanceof Promised promised) {
      to.putLong(promised.seq());
      putBallot(promised.ballot(), to);
    } else if (record instanceof RangePromised promised) {
      to.putLong(key(promised.ballot()));
      putBallot(promised.ballot(), to);
    } else if (record instanceof Decided decided) {
      to.putLong(decided.seq()).putLong(decided.checksum());
      if (decided.value().isPresent()) {
        putBytes(decided.value().get().bytes(), to);
      } else {
        to.putInt(-1);
      }
    } else if (record instanceof DoneMark mark) {
      to.putInt(mark.peer()).putLong(mark.seq());
    } else if (record instanceof Registered member) {
      to.putInt(member.peer()).putLong(member.incarnation());
      putBytes(member.memberId().getBytes(UTF_8), to);
    } else {
      to.putLong(record.seq());
    }
  }

  /**
   * Reads what {@link #put} wrote. The checksum has been verified, so what does not parse was
   * written so.
   */
  public static DurableRecord get(Frame.Type type, ByteBuffer from) {
    return switch (type) {
      case PROMISE_SLOT -> new Promised(from.getLong(), ballot(from));
      case PROMISE_RANGE -> rangePromised(from);
      case ACCEPT -> new Voted(from.getLong(), new Vote(ballot(from), Value.of(bytes(from))));
      case DECIDED -> new Decided(from.getLong(), from.getLong(), optionalValue(from));
      case DONE -> new DoneMark(from.getInt(), from.getLong());
      case FLOOR -> new Floor(from.getLong());
      case SNAPSHOT_MARK -> new SnapshotMark(from.getLong());
      case REGISTERED -> registered(from);
      case FAULTY -> new Faulty(from.getLong());
      case SEGMENT_HEAD, SYNCED, OLDEST_SEGMENT ->
        throw new IllegalArgumentException(type + " is the log's own");
    };
  }

  private static RangePromised rangePromised(ByteBuffer from) {
    // The key is there for whoever reads the header only.
    from.getLong();
    return new RangePromised(ballot(from));
  }

  private static Registered registered(ByteBuffer from) {
    int peer = from.getInt();
    long incarnation = from.getLong();
    return new Registered(peer, new String(bytes(from), UTF_8), incarnation);
  }

  private static Optional<Value> optionalValue(ByteBuffer from) {
    boolean isAbsent = from.getInt(from.position()) < 0;
    return isAbsent ? Optional.empty() : Optional.of(Value.of(bytes(from)));
  }

  public static void putBallot(Ballot ballot, ByteBuffer to) {
    to.putLong(ballot.round()).putInt(ballot.peer()).putLong(ballot.incarnation());
  }

  public static Ballot ballot(ByteBuffer from) {
    return new Ballot(from.getLong(), from.getInt(), from.getLong());
  }

  private static void putBytes(byte[] bytes, ByteBuffer to) {
    to.putInt(bytes.length).put(bytes);
  }

  private static byte[] bytes(ByteBuffer from) {
    byte[] bytes = new byte[from.getInt()];
    from.get(bytes);
    return bytes;
  }
}
