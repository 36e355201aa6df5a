package dev.paxoskv.paxos.net;

import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;

/**
 * Makes the system notice that the other end of a connection is gone without a word, by a power cut
 * or a broken network: a silent one is probed, and one that does not take our bytes is ended.
 * Without epoll only the system's own, slower settings apply.
 */
final class DeadConnections {
  private static final int STUCK_MILLIS = 10_000;
  private static final int SILENT_SECONDS = 30;
  private static final int PROBE_SECONDS = 10;
  private static final int PROBES = 3;

  /** Sets one option of a bootstrap. */
  interface Options {
    <T> Object set(ChannelOption<T> option, T value);
  }

  private DeadConnections() {}

  static void notice(Options options) {
    options.set(ChannelOption.SO_KEEPALIVE, true);
    if (Epoll.isAvailable()) {
      options.set(EpollChannelOption.TCP_USER_TIMEOUT, STUCK_MILLIS);
      options.set(EpollChannelOption.TCP_KEEPIDLE, SILENT_SECONDS);
      options.set(EpollChannelOption.TCP_KEEPINTVL, PROBE_SECONDS);
      options.set(EpollChannelOption.TCP_KEEPCNT, PROBES);
    }
  }
}
