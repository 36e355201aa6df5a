package dev.paxoskv.paxos.protocol.view;

/** Shows one peer as it is now. Protocol thread only. */
public interface Views {

  /** The peer as a whole. */
  PeerView peer();

  /** What it knows of one instance, which may be any. */
  InstanceView instance(long seq);
}
