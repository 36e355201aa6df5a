package dev.paxoskv.server.door.admin;

import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Who is in: up to so many, for a while each. Whoever comes when it is full takes the place of the
 * one that has been there longest without asking for anything: connections that are opened and left
 * alone must not keep health checks out. Event loop only.
 */
final class Visitors {
  /** Longest stay of a visitor, from its connection to the end of its answer. */
  static final int STAY_SECONDS = 10;

  private final int most;

  /** Those that wait for nothing from us, in the order in which that began. */
  private final Set<Channel> idle = new LinkedHashSet<>();

  private int present;

  Visitors(int most) {
    this.most = most;
  }

  /** Lets a visitor in; false, and it is for the caller to close, if all others have asked. */
  boolean enter(Channel channel) {
    if (present >= most && !makeRoom()) {
      return false;
    }
    present++;
    idle.add(channel);
    Future<?> limit =
        channel.eventLoop().schedule(() -> channel.close(), STAY_SECONDS, TimeUnit.SECONDS);
    channel.closeFuture().addListener(closed -> {
      // Of many quick visitors each would stay in memory until then.
      limit.cancel(false);
      left(channel);
    });
    return true;
  }

  /** The visitor has asked for something, and stays until it has its answer. */
  void asked(Channel channel) {
    idle.remove(channel);
  }

  /** The visitor has its answer, and may go for the next one. */
  void answered(Channel channel) {
    if (channel.isActive()) {
      idle.add(channel);
    }
  }

  private boolean makeRoom() {
    Iterator<Channel> longest = idle.iterator();
    if (!longest.hasNext()) {
      return false;
    }
    Channel out = longest.next();
    longest.remove();
    out.close();
    return true;
  }

  private void left(Channel channel) {
    present--;
    idle.remove(channel);
  }
}
