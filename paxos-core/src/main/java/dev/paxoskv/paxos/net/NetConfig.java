package dev.paxoskv.paxos.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paxoskv.paxos.protocol.members.Members;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * Where the peers are and who this one is.
 *
 * @param peers the list of the group, the same at every peer
 * @param me own index in it
 * @param dial where to dial a peer instead of at its entry in {@code peers} (a proxy, say), by
 *     index
 * @param cluster which group this is: 32 hexadecimal digits, see {@link #undecidedCluster}
 * @param members who may take part, and which start of which member this peer is
 */
public record NetConfig(
    List<Address> peers, int me, Map<Integer, Address> dial, String cluster, Members members) {

  /**
   * The id of a group that has decided none: eight zero bytes, then a hash of the list of its
   * peers, so that strangers are told apart as well as can be.
   */
  public static String undecidedCluster(List<Address> peers) {
    String list = peers.stream().map(Address::toString).collect(Collectors.joining(","));
    CRC32C low = new CRC32C();
    low.update(list.getBytes(UTF_8));
    CRC32C high = new CRC32C();
    high.update((list + ",").getBytes(UTF_8));
    return String.format(Locale.ROOT, "%016x%08x%08x", 0, high.getValue(), low.getValue());
  }

  Address dialOf(int peer) {
    return dial.getOrDefault(peer, peers.get(peer));
  }
}
