package dev.paxoskv.paxos.protocol.purity;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** What the purity rules must let through. */
public final class Pure {
  record Point(long x, String name) {}

  enum Kind {
    ONE,
    TWO
  }

  private final byte[] bytes;

  public Pure(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  public int size() {
    byte[][] copies = new byte[2][bytes.length];
    System.arraycopy(bytes, 0, copies[0], 0, bytes.length);
    ByteBuffer buffer = ByteBuffer.wrap(copies[0]).order(ByteOrder.BIG_ENDIAN);
    CRC32C sum = new CRC32C();
    sum.update(buffer.duplicate());
    return buffer.flip().remaining() + (int) sum.getValue();
  }

  List<String> names(long seed) {
    TreeMap<Integer, String> names = new TreeMap<>();
    for (Kind kind : Kind.values()) {
      switch (kind) {
        case ONE ->
          names.put(new SplittableRandom(seed).nextInt(), new Point(1, "one " + kind).toString());
        case TWO -> names.put(2, new String(bytes, StandardCharsets.UTF_8));
      }
    }
    if (names.isEmpty()) {
      throw new IllegalStateException("no names");
    }
    return new ArrayList<>(names.values().stream().map(String::strip).toList());
  }
}
