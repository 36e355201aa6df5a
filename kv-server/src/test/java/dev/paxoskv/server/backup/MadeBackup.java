package dev.paxoskv.server.backup;

import static dev.paxoskv.server.machine.Commands.append;
import static dev.paxoskv.server.machine.Commands.batch;
import static dev.paxoskv.server.machine.Commands.put;

import dev.paxoskv.paxos.journal.file.FileDisk;
import dev.paxoskv.proto.kv.BackupPiece;
import dev.paxoskv.proto.kv.HashStatement;
import dev.paxoskv.proto.snapshot.Comparison;
import dev.paxoskv.proto.snapshot.SnapshotHead;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.StateWalk;
import dev.paxoskv.server.snapshot.SnapshotStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** A data directory with a snapshot, and a backup as a client would write it. */
final class MadeBackup {
  static final String CLUSTER = "00000000000000001122334455667788";
  static final int INSTANCES = 60;

  private MadeBackup() {}

  static KvStateMachine machine() {
    return new KvStateMachine((session, number, result) -> {});
  }

  static KvStateMachine busy() {
    KvStateMachine machine = machine();
    for (int seq = 0; seq < INSTANCES; seq++) {
      machine.apply(
          seq,
          batch(
              put(seq % 3, 2L * seq + 1, "k" + seq % 7, "v" + seq),
              append(seq % 3, 2L * seq + 2, "long" + seq % 2, "x".repeat(30))));
    }
    return machine;
  }

  /** Saves the state in {@code directory}, under a head that may lie. */
  static void save(Path directory, KvStateMachine of, UnaryOperator<SnapshotHead> head)
      throws IOException {
    try (FileDisk disk = FileDisk.open(directory)) {
      SnapshotStore store = new SnapshotStore(disk);
      StateWalk walk = of.walk(1 << 16);
      store.begin(head.apply(walk.head()));
      while (!walk.isOver()) {
        store.add(walk.next().toPart());
      }
      store.end();
    }
  }

  static BackupSource source(Path directory, long applied) throws IOException {
    return BackupSource.open(FileDisk.forReading(directory), applied, CLUSTER);
  }

  /** All pieces, as one after the other is asked for. */
  static byte[] bytes(BackupSource source) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (bytes.size() < source.size()) {
      BackupPiece piece = source.read(bytes.size());
      bytes.writeBytes(piece.getBytes().toByteArray());
    }
    return bytes.toByteArray();
  }

  /** The backup of {@link #busy}, in {@code directory}. */
  static Path in(Path directory) throws IOException {
    return in(directory, MadeBackup::inDoubt);
  }

  /** The server that saved it knew of another that had another state. */
  private static SnapshotHead inDoubt(SnapshotHead head) {
    HashStatement own =
        HashStatement.newBuilder().setLast(INSTANCES - 1).addHashes(1).build();
    HashStatement other = own.toBuilder().setServer(1).setHashes(0, 2).build();
    Comparison.Builder doubt =
        Comparison.newBuilder().setAgreed(-1).addRounds(own).addStatements(other);
    return head.toBuilder().setComparison(doubt).build();
  }

  static Path in(Path directory, UnaryOperator<SnapshotHead> head) throws IOException {
    Path data = directory.resolve("data");
    save(data, busy(), head);
    try (BackupSource source = source(data, INSTANCES - 1)) {
      return Files.write(directory.resolve("backup"), bytes(source));
    }
  }
}
