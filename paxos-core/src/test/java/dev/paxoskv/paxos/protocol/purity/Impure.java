package dev.paxoskv.paxos.protocol.purity;

import dev.paxoskv.paxos.host.purity.HostFixture;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/** One class for each thing that the purity rules must refuse. */
public interface Impure {
  record Threads(Thread thread) {}

  record Locals(ThreadLocal<String> local) {}

  record Concurrency(Future<String> future) {}

  record Files(Path path) {}

  record Streams(InputStream stream) {}

  record Sockets(InetSocketAddress address) {}

  record Time(Duration duration) {}

  record Loggers(Logger logger) {}

  record Dice(Random random) {}

  record Names(UUID uuid) {}

  record OtherLibrary(org.slf4j.Logger logger) {}

  record Upwards(HostFixture host) {}

  class Processes {
    int processors() {
      return Runtime.getRuntime().availableProcessors();
    }
  }

  class NanoClock {
    LongSupplier clock() {
      return System::nanoTime;
    }
  }

  class WallClock {
    long now() {
      return System.currentTimeMillis();
    }
  }

  class Address {
    int of(Object object) {
      return System.identityHashCode(object);
    }
  }

  class Chance {
    double next() {
      return Math.random();
    }
  }

  class UnseededDice {
    int next() {
      return new SplittableRandom().nextInt();
    }
  }

  class DefaultDice {
    int next() {
      return RandomGenerator.getDefault().nextInt();
    }
  }

  class Shuffle {
    void shuffle(List<String> list) {
      Collections.shuffle(list);
    }
  }

  class Parallel {
    long count(List<String> list) {
      return list.parallelStream().count();
    }
  }
}
