package dev.paxoskv.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.host.MemoryJournal;
import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import dev.paxoskv.proto.kv.ClientFrame;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Explanation;
import dev.paxoskv.proto.kv.Reply;
import dev.paxoskv.proto.kv.ServerFrame;
import dev.paxoskv.proto.kv.ServerStatus;
import dev.paxoskv.server.Silence;
import dev.paxoskv.server.machine.Commands;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.service.KvService;
import dev.paxoskv.server.service.Pending;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The door over a server that is alone, so that every command is applied at once. */
class ClientDoorTest {
  private final Pending pending = new Pending();
  private final KvStateMachine machine = new KvStateMachine(pending);
  private final Host host = new Host(
      new Replica(new ReplicaConfig(0, 1, 1, 0), new SplittableRandom(1)),
      new Silence(),
      new MemoryJournal(),
      Optional.of(machine),
      Observer.NONE);
  private final KvService service =
      new KvService(host, pending, new SplittableRandom(2), KvService.Health.FINE, () -> machine);
  private final ClientDoor door = new ClientDoor(
      service,
      ServerStatus::getDefaultInstance,
      question -> Explanation.getDefaultInstance(),
      (question, asker) -> {},
      () -> {});

  /** Those with the numbers 1 and 2: the commands of instance 0. */
  @BeforeEach
  void openSessions() throws IOException {
    client().writeInbound(frame(Commands.open(77), Commands.open(78)));
    step();
  }

  private EmbeddedChannel client() {
    EmbeddedChannel channel = new EmbeddedChannel();
    door.accept(channel);
    return channel;
  }

  private void step() {
    do {
      service.propose();
      host.flush();
    } while (service.settle());
    door.flush();
  }

  private static ByteBuf frame(Command... commands) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ClientFrame.newBuilder().addAllCommands(List.of(commands)).build().writeDelimitedTo(out);
    return Unpooled.wrappedBuffer(out.toByteArray());
  }

  /** What has been written to the client, a frame at a time. */
  private static Optional<ServerFrame> answer(EmbeddedChannel channel) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      part.readBytes(bytes, part.readableBytes());
      part.release();
    }
    return Optional.ofNullable(
        ServerFrame.parseDelimitedFrom(new ByteArrayInputStream(bytes.toByteArray())));
  }

  @Test
  void repliesOfOneStepShareAFrame() throws IOException {
    EmbeddedChannel channel = client();
    channel.writeInbound(frame(Commands.put(1, 1, "k", "v"), Commands.put(1, 2, "l", "w")));
    assertThat(answer(channel)).isEmpty();
    step();
    ServerFrame frame = answer(channel).orElseThrow();
    assertThat(frame.getRepliesList()).extracting(Reply::getNumber).containsExactly(1L, 2L);

    channel.writeInbound(frame(Commands.get(1, 3, "k"), Commands.get(1, 4, "l")));
    step();
    frame = answer(channel).orElseThrow();
    assertThat(frame.getRepliesList()).extracting(Reply::getNumber).containsExactly(3L, 4L);
    assertThat(frame.getReplies(0).getFound().getValue()).isEqualTo(ByteString.copyFromUtf8("v"));
  }

  @Test
  void aCommandTooDeepForTheLogClosesItsConnectionAndHurtsNobodyElse() throws IOException {
    UnknownFieldSet deep = UnknownFieldSet.getDefaultInstance();
    for (int depth = 0; depth < 99; depth++) {
      UnknownFieldSet.Field group =
          UnknownFieldSet.Field.newBuilder().addGroup(deep).build();
      deep = UnknownFieldSet.newBuilder().addField(99, group).build();
    }
    Command poison =
        Commands.put(1, 1, "k", "v").toBuilder().setUnknownFields(deep).build();
    EmbeddedChannel bad = client();
    EmbeddedChannel good = client();
    bad.writeInbound(frame(poison));
    good.writeInbound(frame(Commands.put(2, 1, "k", "v")));
    step();

    assertThat(bad.isOpen()).isFalse();
    assertThat(answer(good).orElseThrow().getReplies(0).hasApplied()).isTrue();
    assertThat(host.applied()).isEqualTo(1);
  }

  @Test
  void aClientThatLeavesItsAnswersUnreadIsCutOff() throws IOException {
    EmbeddedChannel channel = client();
    String mib = "x".repeat(1 << 20);
    channel.writeInbound(frame(Commands.put(1, 1, "k", mib)));
    step();
    Command[] gets = new Command[100];
    for (int i = 0; i < gets.length; i++) {
      gets[i] = Commands.get(1, 2 + i, "k");
    }
    channel.writeInbound(frame(gets));
    step();

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void bytesThatAreNoCommandCloseTheConnection() {
    EmbeddedChannel channel = client();
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {4, 10, 2, (byte) 0xff, 1}));
    assertThat(channel.isOpen()).isFalse();
  }
}
