package dev.paxoskv.server.door.admin;

import dev.paxoskv.paxos.PaxosNode;
import dev.paxoskv.proto.kv.ServerStatus;
import dev.paxoskv.server.door.ClientDoor;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.service.KvService;
import dev.paxoskv.server.service.RequestMeter;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The server that is looked at. All but the node are the protocol thread's.
 *
 * @param node the Paxos peer, and the way to the protocol thread
 * @param meter what the service counts
 * @param machine the replicated state as it is now
 * @param peers how far the others have come
 * @param leaderChanges how often this server has heard of another leader
 * @param status how the server is, in words for people where it does not serve
 */
public record Inside(
    PaxosNode node,
    KvService service,
    RequestMeter meter,
    ClientDoor clients,
    Supplier<KvStateMachine> machine,
    PeerProgress peers,
    LongSupplier leaderChanges,
    Supplier<ServerStatus> status) {}
