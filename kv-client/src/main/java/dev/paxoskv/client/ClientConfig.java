package dev.paxoskv.client;

import dev.paxoskv.client.history.Recorder;
import dev.paxoskv.paxos.net.Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a client must know.
 *
 * @param servers where servers listen, each {@code HOST:PORT}; asked in this order: a client stays
 *     at the first; when that fails it goes to the next, looks after 1 to 2 s and then less often,
 *     up to every 32 s, whether the first serves again, and goes back then. Any address that leads
 *     to a server will do, a proxy's for instance
 * @param timeout how long one operation may take in all, over every try and server; 1 ms to 24 h
 * @param recorder writes down what is asked and answered
 */
public record ClientConfig(List<String> servers, Duration timeout, Optional<Recorder> recorder) {
  /** The timeout where none is given. */
  public static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(10);

  private static final Duration TIMEOUT_MIN = Duration.ofMillis(1);
  private static final Duration TIMEOUT_MAX = Duration.ofHours(24);
  private static final Duration TRY_MAX = Duration.ofSeconds(1);
  private static final Duration LATE_MAX = Duration.ofMillis(50);

  /**
   * Checks everything but whether the servers exist.
   *
   * @throws IllegalArgumentException with a line for people
   */
  public ClientConfig {
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("no servers; name at least one as HOST:PORT");
    }
    servers.forEach(ClientConfig::address);
    if (timeout.compareTo(TIMEOUT_MIN) < 0 || timeout.compareTo(TIMEOUT_MAX) > 0) {
      throw new IllegalArgumentException(
          "a timeout of " + shown(timeout) + " is not between 1 ms and 24 h");
    }
  }

  /** The longest have more milliseconds than a number holds. */
  private static String shown(Duration timeout) {
    boolean isShort = !timeout.isNegative() && timeout.compareTo(TIMEOUT_MAX.multipliedBy(2)) < 0;
    return isShort ? timeout.toMillis() + " ms" : timeout.toSeconds() + " s";
  }

  /** Records nothing. */
  public ClientConfig(List<String> servers, Duration timeout) {
    this(servers, timeout, Optional.empty());
  }

  /** These servers, and {@link #TIMEOUT_DEFAULT}. */
  public static ClientConfig of(List<String> servers) {
    return new ClientConfig(servers, TIMEOUT_DEFAULT);
  }

  /** The same with another timeout. */
  public ClientConfig withTimeout(Duration newTimeout) {
    return new ClientConfig(servers, newTimeout, recorder);
  }

  /** The same, with every operation recorded; the caller closes the recorder, after the client. */
  public ClientConfig recordedBy(Recorder newRecorder) {
    return new ClientConfig(servers, timeout, Optional.of(newRecorder));
  }

  List<Address> addresses() {
    return servers.stream().map(ClientConfig::address).toList();
  }

  /**
   * How long one server may be silent, or slow to accept a connection, before the next one is
   * asked: short enough for several servers to get a turn within the timeout.
   */
  Duration tryTimeout() {
    Duration quarter = timeout.dividedBy(4);
    return quarter.compareTo(TRY_MAX) < 0 ? quarter : TRY_MAX;
  }

  /** How long before its deadline a write is no longer handed to a first server. */
  Duration late() {
    Duration twentieth = timeout.dividedBy(20);
    return twentieth.compareTo(LATE_MAX) < 0 ? twentieth : LATE_MAX;
  }

  static Address address(String server) {
    Address address = Address.parse(server);
    if (address.port() == 0) {
      throw new IllegalArgumentException(
          "'" + server + "' has port 0, where nothing can listen; write HOST:PORT");
    }
    return address;
  }
}
