package dev.paxoskv.paxos.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.net.wire.Preamble;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who has connected, and has perhaps not said what it is. */
class ListenerTest {
  private final List<Channel> clients = new ArrayList<>();
  private final List<EmbeddedChannel> channels = new ArrayList<>();
  private final Listener listener = new Listener(
      Map.of(Preamble.Kind.CLIENT, clients::add),
      new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE));

  @AfterEach
  void close() {
    channels.forEach(EmbeddedChannel::finishAndReleaseAll);
  }

  @Test
  void ofManyStrangersTheOldestGoAndNobodyElse() {
    EmbeddedChannel client = come();
    client.writeInbound(Preamble.of(Preamble.Kind.CLIENT));
    EmbeddedChannel gone = come();
    gone.close();
    List<EmbeddedChannel> strangers = new ArrayList<>();
    for (int i = 0; i < Listener.STRANGERS_MAX; i++) {
      strangers.add(come());
    }
    assertThat(strangers).allMatch(EmbeddedChannel::isOpen);

    strangers.add(come());
    strangers.add(come());
    assertThat(strangers.subList(0, 2)).noneMatch(EmbeddedChannel::isOpen);
    assertThat(strangers.subList(2, strangers.size())).allMatch(EmbeddedChannel::isOpen);
    assertThat(client.isOpen()).isTrue();
    assertThat(clients).containsExactly(client);
  }

  @Test
  void whoComesAndGoesLeavesNothingBehind() {
    EmbeddedChannel gone = come();
    assertThat(gone.runScheduledPendingTasks()).as("has some time").isPositive();
    // The channel's own close would end all timers, as no real one does.
    gone.pipeline().close();
    assertThat(gone.runScheduledPendingTasks()).as("nothing is left to do").isEqualTo(-1);
  }

  private EmbeddedChannel come() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.freezeTime();
    channels.add(channel);
    listener.accept(channel);
    return channel;
  }
}
