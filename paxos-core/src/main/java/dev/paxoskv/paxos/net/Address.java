package dev.paxoskv.paxos.net;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;

/**
 * Where something listens, as it was written: a name is looked up again whenever it is used.
 *
 * @param host name or literal address
 * @param port 0 to 65535
 */
public record Address(String host, int port) {

  /**
   * Reads {@code HOST:PORT}; an IPv6 address goes in brackets.
   *
   * @throws IllegalArgumentException with a line for people if it is not of that form
   */
  public static Address parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    boolean isBracketed = host.startsWith("[") && host.endsWith("]");
    String bare = isBracketed ? host.substring(1, host.length() - 1) : host;
    if (bare.isEmpty()
        || (!isBracketed && bare.contains(":"))
        || bare.chars().anyMatch(c -> c <= ' ')) {
      throw new IllegalArgumentException("'" + text + "' is not an address; write HOST:PORT");
    }
    return new Address(bare, port(text, text.substring(colon + 1)));
  }

  private static int port(String text, String digits) {
    boolean isNumber = !digits.isEmpty()
        && digits.length() <= 5
        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    int port = isNumber ? Integer.parseInt(digits) : -1;
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException(
          "'" + text + "' has no port from 0 to 65535; write HOST:PORT");
    }
    return port;
  }

  /** Whether using it asks nobody: the host is a literal address. */
  public boolean isLiteral() {
    return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
  }

  /** Looks the name up; blocks unless the address is a literal. */
  public InetSocketAddress resolve() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
  }
}
