package dev.paxoskv.peers;

import dev.paxoskv.client.bench.Load;
import dev.paxoskv.peers.table.Cell;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What the client of a system is to do next.
 *
 * @param keys out of how many
 * @param millis for how long operations are begun
 * @param idle processes of the systems whose turn it is not
 * @param isWarmUp whether nobody looks at what comes of it
 */
public record Turn(Cell cell, int keys, long millis, List<Long> idle, boolean isWarmUp) {
  Load load() {
    return new Load(
        cell.inFlight(),
        cell.valueBytes(),
        keys,
        cell.readShare(),
        Duration.ofMillis(millis),
        OptionalDouble.empty());
  }
}
