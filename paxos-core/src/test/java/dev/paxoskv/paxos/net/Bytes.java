package dev.paxoskv.paxos.net;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.net.wire.Lives;
import dev.paxoskv.paxos.net.wire.MessageCodec;
import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.members.Members;
import dev.paxoskv.proto.peer.Life;
import dev.paxoskv.proto.peer.PeerFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Frames and the bytes they make on the wire, for a group of three. */
final class Bytes {
  static final List<Address> PEERS =
      List.of(Address.parse("a:1"), Address.parse("b:2"), Address.parse("c:3"));

  private Bytes() {}

  static Life life(int number) {
    byte[] bootId = new byte[16];
    bootId[0] = (byte) number;
    return Life.newBuilder()
        .setIncarnation(1)
        .setBootId(ByteString.copyFrom(bootId))
        .build();
  }

  /** A greeting of peer {@code me}, in its life of that {@code number}, to peer 0. */
  static PeerFrame hello(int me, int number) {
    return PeerFrame.newBuilder().setHello(group(me, number).helloTo(0)).build();
  }

  static Group group(int me, int number) {
    return new Group(config(me, number, Map.of()));
  }

  /** Peer {@code me} in memory, in its life of that {@code number}. */
  static NetConfig config(int me, int number, Map<Integer, Address> dial) {
    Members members = new Members(me, PEERS.size(), Lives.member(life(number)));
    return new NetConfig(PEERS, me, dial, NetConfig.undecidedCluster(PEERS), members);
  }

  static Envelope prepare(long seq) {
    return new Envelope(3, new Message.Prepare(seq, new Ballot(5, 1, 1)));
  }

  static PeerFrame frame(Envelope envelope) {
    return new MessageCodec(PEERS.size()).encode(envelope);
  }

  /** Magic, version 1, kind 1 for a peer. */
  static byte[] preamble() {
    return new byte[] {'P', 'X', 'K', 'V', 2, 1, 0, 0};
  }

  static byte[] framed(PeerFrame... frames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      for (PeerFrame frame : frames) {
        frame.writeDelimitedTo(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
