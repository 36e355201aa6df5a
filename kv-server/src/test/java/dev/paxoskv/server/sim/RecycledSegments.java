package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;

import dev.paxoskv.sim.disk.SimDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Servers with small segments, which soon are made of old ones, go down and come back again and
 * again, whenever the log ends just where a whole record of the file's earlier life begins.
 */
final class RecycledSegments {
  private static final int ROUNDS = 4;

  /** So often the disk is looked at in a round; then the server goes down wherever its log ends. */
  private static final int LOOKS = 60;

  private static final long LOOK_MICROS = 400;

  /** Where a record says how long it is, and which it is. */
  private static final int LSN_AT = 16;

  private static final int HEADER_BYTES = 40;

  private RecycledSegments() {}

  static Scene play(long seed) throws IOException {
    SimDirectory.Sizes sizes =
        new SimDirectory.Sizes(1024 + 256 * (seed % 5), 64L << (seed % 2), 2000);
    Scene scene = new Scene("recycled segments", seed, sizes);
    scene.warmUp();
    for (int round = 0; round < ROUNDS; round++) {
      int victim = scene.dice().nextInt(Scene.SERVERS);
      boolean isThere = false;
      for (int look = 0; look < LOOKS && !isThere; look++) {
        if (look % 8 == 0) {
          scene.append(scene.dice().nextInt(Scene.SERVERS), 1000);
        }
        scene.run(LOOK_MICROS);
        isThere = endsBeforeAnOldRecord(scene.directory(victim).disk());
      }
      scene.sim().tally().add("ends before an old record", isThere ? 1 : 0);
      scene.server(victim).crash(scene.dice().nextInt(4) == 0);
      scene.run(scene.dice().nextLong(5 * MILLI));
      scene.server(victim).start();
      scene.run(scene.dice().nextLong(60 * MILLI));
    }
    return scene.end();
  }

  private static boolean endsBeforeAnOldRecord(SimDisk disk) throws IOException {
    List<String> segments =
        disk.list().stream().filter(file -> file.startsWith("log-")).toList();
    if (segments.isEmpty()) {
      return false;
    }
    String newest = segments.get(segments.size() - 1);
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(disk.size(newest)));
    disk.read(newest, 0, bytes);
    bytes.flip();
    int at = 0;
    long lsn = lsnAt(bytes, at);
    while (lsn > 0 && lsnAt(bytes, at + bytes.getInt(at)) == lsn + 1) {
      at += bytes.getInt(at);
      lsn++;
    }
    long next = lsn > 0 ? lsnAt(bytes, at + bytes.getInt(at)) : 0;
    return next > 0 && next < lsn;
  }

  /** Position of the record that begins here; 0 if none does. */
  private static long lsnAt(ByteBuffer bytes, int at) {
    boolean isRoom = at + HEADER_BYTES <= bytes.limit();
    int length = isRoom ? bytes.getInt(at) : 0;
    boolean isRecord = length >= HEADER_BYTES && length % 8 == 0 && length <= bytes.limit() - at;
    return isRecord ? bytes.getLong(at + LSN_AT) : 0;
  }
}
