package dev.paxoskv.paxos.protocol.view;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import java.util.List;
import java.util.Optional;

/**
 * One peer as a whole.
 *
 * @param promised what its acceptor has promised for all instances
 * @param highestRound the highest round of a ballot that it has seen or used
 * @param reign the ballot under which it leads; empty if it does not
 * @param answering who has answered its questions lately, itself included
 * @param doneMarks up to where each peer needs nothing any more, as far as it has heard; by index
 * @param floor its acceptor keeps nothing below
 * @param votesLost how many instances its acceptor abstains in, as the disk has lost what it said
 */
public record PeerView(
    Ballot promised,
    long highestRound,
    Optional<Ballot> reign,
    PeerSet answering,
    List<Long> doneMarks,
    long floor,
    int votesLost) {}
