package dev.paxoskv.peers.lead;

import dev.paxoskv.peers.Turn;
import dev.paxoskv.peers.table.Cell;
import dev.paxoskv.peers.table.Comparison;
import dev.paxoskv.peers.table.Row;
import java.io.IOException;
import java.util.List;

/** Who plays when. One at a time; the others stay up, and what that costs is in each row. */
final class Schedule {
  private static final int KEYS = 10_000;

  /** Each load so often in the warm-up, so that nobody is compiled for one alone. */
  private static final int PASSES = 2;

  private static final int USUAL_SERVERS = 3;

  private static final long LOOK_MILLIS = 250;

  /** Compactions, collections and the like of the turn before are over below that many cores. */
  private static final double CORES_AT_REST = 0.15;

  private static final int LOOKS_MAX = 12;

  private final List<Client> clients;
  private final List<Cell> cells;

  Schedule(List<Client> clients, List<Cell> cells) {
    this.clients = clients;
    this.cells = cells;
  }

  /**
   * Each system by itself, in short turns of all the loads that are to come.
   *
   * @param usual for three servers or fewer; more have longer, as they are compiled on the same
   *     cores, each for itself
   */
  void warm(long usual) throws IOException, InterruptedException {
    rest();
    for (Client client : clients) {
      long millis = usual * Math.max(USUAL_SERVERS, client.servers()) / USUAL_SERVERS;
      List<Cell> loads =
          cells.stream().filter(cell -> cell.isFor(client.name())).toList();
      System.err.println("warming " + client.name() + " for " + millis / 1000 + " s");
      for (int pass = 0; pass < PASSES; pass++) {
        for (Cell cell : loads) {
          client.play(turn(client, cell, Math.max(1, millis / PASSES / loads.size()), true));
        }
      }
      rest();
    }
  }

  /** All loads, round by round. */
  Comparison play(int rounds, long millis) throws IOException, InterruptedException {
    Comparison comparison = new Comparison();
    for (int round = 1; round <= rounds; round++) {
      System.err.println("round " + round + " of " + rounds);
      for (Cell cell : cells) {
        play(cell, millis, comparison);
      }
    }
    return comparison;
  }

  private void play(Cell cell, long millis, Comparison comparison)
      throws IOException, InterruptedException {
    for (Client client : clients) {
      if (cell.isFor(client.name())) {
        rest();
        Row row = client.play(turn(client, cell, millis, false));
        System.err.println(client.name() + " " + cell + " " + row.line());
        comparison.add(client.name(), cell, row);
      }
    }
  }

  private Turn turn(Client whose, Cell cell, long millis, boolean isWarmUp) {
    List<Long> idle = clients.stream()
        .filter(client -> client != whose)
        .flatMap(client -> client.pids().stream())
        .toList();
    return new Turn(cell, KEYS, millis, idle, isWarmUp);
  }

  /** Waits until no system works off what its own turn left behind. */
  private void rest() throws IOException, InterruptedException {
    for (int looks = 0; looks < LOOKS_MAX; looks++) {
      long before = micros();
      long begin = System.nanoTime();
      Thread.sleep(LOOK_MILLIS);
      double cores = (micros() - before) / ((System.nanoTime() - begin) / 1e3);
      if (cores < CORES_AT_REST) {
        return;
      }
    }
  }

  private long micros() throws IOException {
    long micros = 0;
    for (Client client : clients) {
      micros += client.micros();
    }
    return micros;
  }
}
