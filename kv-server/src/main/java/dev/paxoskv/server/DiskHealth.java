package dev.paxoskv.server;

import dev.paxoskv.server.service.KvService.Health;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a server away from new writes while its disk is stuck or full, and back. Looks at the
 * disk's thread from outside, for a stuck sync cannot report itself. Protocol thread only.
 */
final class DiskHealth implements Health {
  private static final Logger LOG = LoggerFactory.getLogger(DiskHealth.class);

  /** A piece of work on the disk that takes longer means that it is stuck. */
  static final long STUCK_NANOS = 1_000_000_000L;

  /** It must have been quick for so many ticks before it is trusted again. */
  static final int QUICK_TICKS = 200;

  private static final long QUICK_NANOS = STUCK_NANOS / 4;

  private final BooleanSupplier hasRoom;
  private final LongSupplier busyNanos;
  private int quickTicks = QUICK_TICKS;
  private boolean isStuck;
  private boolean isFull;

  /**
   * Watches a disk.
   *
   * @param hasRoom whether it has room for more of the log
   * @param busyNanos for how long it has been at the piece of work at hand, in nanoseconds
   */
  DiskHealth(BooleanSupplier hasRoom, LongSupplier busyNanos) {
    this.hasRoom = hasRoom;
    this.busyNanos = busyNanos;
  }

  void tick() {
    long busy = busyNanos.getAsLong();
    if (busy > STUCK_NANOS) {
      quickTicks = 0;
      if (!isStuck) {
        LOG.warn("the disk is stuck: a write or sync has taken {} ms so far", busy / 1_000_000);
      }
      isStuck = true;
    } else {
      quickTicks = busy > QUICK_NANOS ? 0 : Math.min(QUICK_TICKS, quickTicks + 1);
    }
    if (isStuck && quickTicks == QUICK_TICKS) {
      LOG.info("the disk is quick again");
      isStuck = false;
    }
    lookForRoom();
  }

  private void lookForRoom() {
    boolean isFullNow = !hasRoom.getAsBoolean();
    if (isFullNow && !isFull) {
      LOG.error("the disk is full: writes are put off until there is room; reads go on");
    } else if (isFull && !isFullNow) {
      LOG.info("the disk has room again");
    }
    isFull = isFullNow;
  }

  @Override
  public Optional<String> putOff() {
    if (isStuck) {
      return Optional.of("the disk of this server is stuck; another server may be quicker");
    }
    return isFull
        ? Optional.of("the disk of this server is full; another server may have room")
        : Optional.empty();
  }

  /** What is wrong, for people; empty if nothing is. */
  Optional<String> fault() {
    return putOff();
  }
}
