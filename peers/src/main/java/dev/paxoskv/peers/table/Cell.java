package dev.paxoskv.peers.table;

import java.util.List;

/** A load that is measured: what the comparison asks of a system in one turn. */
public enum Cell {
  PUT_1("put, 1 in flight", 1),
  PUT_64("put, 64", 64),
  /** For batches of about 64 commands. */
  PUT_192("put, 192", 192),
  PUT_256("put, 256", 256),
  PUT_1024("put, 1024", 1024),
  KIB_1024("put of 1 KiB, 1024", 1024),
  GET_1024("get, 1024", 1024),
  /** Each operation on a connection of its own. */
  ALONE_256("put, 256 connections", 256);

  /** What the systems are called. */
  public static final String OURS = "paxoskv";

  static final String FIVE = "paxoskv-5";
  static final String ETCD = "etcd";
  static final String ZOOKEEPER = "zookeeper";
  static final String JRAFT = "jraft";
  static final String REDIS = "redis";
  static final String ECHO = "echo";
  static final String SYNC = "sync";

  /** The loads that every replicated system is put under, by operations in flight. */
  static final List<Cell> PUTS = List.of(PUT_1, PUT_64, PUT_256, PUT_1024);

  private static final int SMALL = 64;
  private static final int KIB = 1024;

  private final String title;
  private final int inFlight;

  Cell(String title, int inFlight) {
    this.title = title;
    this.inFlight = inFlight;
  }

  String title() {
    return title;
  }

  /** Operations at the same time. */
  public int inFlight() {
    return inFlight;
  }

  public int valueBytes() {
    return this == KIB_1024 ? KIB : SMALL;
  }

  /** Which part of the operations are gets. */
  public double readShare() {
    return this == GET_1024 ? 1 : 0;
  }

  /** How many connections; 0 for as many as the system's clients have. */
  public int connections() {
    return this == ALONE_256 ? inFlight : 0;
  }

  /** Whether a system takes part. */
  public boolean isFor(String system) {
    return switch (system) {
      case OURS -> true;
      case FIVE -> this == PUT_1024;
      case ECHO, SYNC -> this == PUT_1;
      case REDIS -> PUTS.contains(this);
      default -> PUTS.contains(this) || this == KIB_1024 || this == GET_1024;
    };
  }
}
