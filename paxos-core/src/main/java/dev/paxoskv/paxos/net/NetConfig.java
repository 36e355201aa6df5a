package dev.paxoskv.paxos.net;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;

/**
 * Where the peers are and who this one is.
 *
 * @param peers the list of the group, the same at every peer
 * @param me own index in it
 * @param dial where to dial a peer instead of at its entry in {@code peers} (a proxy, say), by
 *     index
 * @param incarnation which start of this peer
 * @param bootId 16 random bytes drawn at this start
 */
public record NetConfig(
    List<Address> peers, int me, Map<Integer, Address> dial, long incarnation, ByteString bootId) {

  Address dialOf(int peer) {
    return dial.getOrDefault(peer, peers.get(peer));
  }
}
