package dev.paxoskv.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.paxoskv.paxos.net.wire.MessageCodec;
import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.proto.peer.PeerFrame;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One Accept to bytes, and back. */
@State(Scope.Thread)
public class CodecBenchmark {
  @Param({"64", "16384"})
  private int valueBytes;

  private final MessageCodec codec = new MessageCodec(3);
  private Envelope envelope = new Envelope(-1, new Message.Done());
  private byte[] bytes = new byte[0];

  @Setup
  public void setUp() {
    Ballot ballot = new Ballot(7, 1, 1_700_000_000_000L);
    envelope = new Envelope(41, new Message.Accept(42, ballot, Value.of(new byte[valueBytes])));
    bytes = codec.encode(envelope).toByteArray();
  }

  @Benchmark
  public byte[] encode() {
    return codec.encode(envelope).toByteArray();
  }

  @Benchmark
  public Envelope decode() throws InvalidProtocolBufferException {
    return codec.decode(PeerFrame.parseFrom(bytes));
  }
}
