package dev.paxoskv.paxos.net.wire;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.proto.peer.Life;
import java.util.HexFormat;

/** Members on the wire, where ids are bytes and not digits. */
public final class Lives {
  private static final int ID_BYTES = 16;

  private Lives() {}

  /** A member that told of its journal up to {@code durable}. */
  public static Life of(Member member, long durable) {
    return Life.newBuilder()
        .setIncarnation(member.incarnation())
        .setBootId(bytes(member.bootId()))
        .setMemberId(bytes(member.id()))
        .setDurable(durable)
        .build();
  }

  /**
   * Reads a member; its boot id may be absent.
   *
   * @throws MalformedFrameException if an id has another length, or a number is out of range
   */
  public static Member member(Life life) {
    boolean isLife = isId(life.getBootId()) && isId(life.getMemberId());
    if (!isLife || life.getIncarnation() < 0 || life.getDurable() < 0) {
      throw new MalformedFrameException("no life of a peer");
    }
    return new Member(digits(life.getMemberId()), life.getIncarnation(), digits(life.getBootId()));
  }

  private static boolean isId(ByteString bytes) {
    return bytes.isEmpty() || bytes.size() == ID_BYTES;
  }

  private static ByteString bytes(String digits) {
    return ByteString.copyFrom(HexFormat.of().parseHex(digits));
  }

  private static String digits(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
