package dev.paxoskv.sim;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.paxoskv.paxos.net.wire.MalformedFrameException;
import dev.paxoskv.paxos.net.wire.MessageCodec;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.proto.peer.PeerFrame;
import java.util.random.RandomGenerator;

/** Turns envelopes into the bytes of production and back, and spoils bytes on the way. */
final class Frames {
  private static final int BITS_MAX = 8;

  private final MessageCodec codec;

  Frames(int peers) {
    this.codec = new MessageCodec(peers);
  }

  byte[] bytes(Envelope envelope) {
    return codec.encode(envelope).toByteArray();
  }

  Envelope decode(byte[] bytes) {
    try {
      return codec.decode(PeerFrame.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("a frame does not survive the wire", e);
    }
  }

  /**
   * Flips some bits and shows the result to the codec, which may refuse it in its own words or read
   * something else from it, but nothing worse. Either way the frame is gone: that nobody takes the
   * something else for what was sent is the duty of a checksum, not of the codec.
   */
  Fate corrupt(byte[] bytes, RandomGenerator dice) {
    int flips = 1 + dice.nextInt(BITS_MAX);
    for (int i = 0; i < flips && bytes.length > 0; i++) {
      bytes[dice.nextInt(bytes.length)] ^= (byte) (1 << dice.nextInt(8));
    }
    try {
      codec.decode(PeerFrame.parseFrom(bytes));
      return Fate.CORRUPTED_YET_READABLE;
    } catch (InvalidProtocolBufferException | MalformedFrameException e) {
      return Fate.CORRUPTED_AND_REFUSED;
    }
  }
}
