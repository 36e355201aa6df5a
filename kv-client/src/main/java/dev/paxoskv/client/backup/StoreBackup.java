package dev.paxoskv.client.backup;

import dev.paxoskv.client.ClientConfig;
import dev.paxoskv.client.NotAppliedException;
import dev.paxoskv.client.edge.Edge;
import dev.paxoskv.client.edge.EdgeThreads;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.proto.kv.BackupPiece;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Fetches a backup of the whole store: everything that was applied up to one instance, with every
 * write in it that was acknowledged, by whichever server, before the backup began. Blocks; the
 * memory it takes is that of a few pieces.
 */
public final class StoreBackup {

  /** Hears how it goes, on the caller's thread. */
  public interface Progress {
    /** So much of the file is there; more than once for each server that is asked. */
    void at(String server, long bytes, long bytesInAll);

    /** This server gives it up, and if there is another it begins anew there. */
    void failed(String why);
  }

  /**
   * What the file holds.
   *
   * @param server who gave it
   * @param cluster its cluster's id, 32 hexadecimal digits
   * @param applied the last instance that it covers
   * @param hash the state hash there, as {@code kv status} shows it
   * @param bytes size of the file
   */
  public record Fetched(String server, String cluster, long applied, long hash, long bytes) {}

  private final ClientConfig config;
  private final Progress progress;
  private final boolean inDoubt;

  /**
   * Will ask the servers of {@code config} in their order, each once.
   *
   * @param config its timeout is for how long a server may be silent
   */
  public StoreBackup(ClientConfig config, Progress progress) {
    this(config, progress, false);
  }

  private StoreBackup(ClientConfig config, Progress progress, boolean inDoubt) {
    this.config = config;
    this.progress = progress;
    this.inDoubt = inDoubt;
  }

  /**
   * The same, also from a server that knows that its state or another's is wrong, and not which: an
   * operator wants to look, and to choose.
   */
  public StoreBackup evenInDoubt() {
    return new StoreBackup(config, progress, true);
  }

  /**
   * Fetches one into {@code file}, which is there only once it is whole, checked and durable.
   *
   * @param mayReplace whether a file of that name is replaced
   * @throws IllegalArgumentException if there can be no such file: nobody was asked then
   * @throws NotAppliedException if no server gave one, or the file cannot be written in full; what
   *     there was of it is gone
   */
  public Fetched to(Path file, boolean mayReplace) {
    Edge edge = EdgeThreads.alone();
    try (BackupFile target = BackupFile.create(file, mayReplace)) {
      Fetched fetched = fromAnyone(edge, target);
      target.finish();
      return fetched;
    } catch (IOException e) {
      throw new NotAppliedException(String.valueOf(e.getMessage()));
    } finally {
      edge.close(() -> {});
    }
  }

  private Fetched fromAnyone(Edge edge, BackupFile target) throws IOException {
    List<String> reasons = new ArrayList<>();
    for (String server : config.servers()) {
      try (PieceLink link =
          new PieceLink(edge, Address.parse(server), config.timeout().toNanos(), inDoubt)) {
        target.clear();
        return from(server, link, target);
      } catch (NotAppliedException e) {
        String why = String.valueOf(e.getMessage());
        progress.failed(why);
        reasons.add(why);
      }
    }
    throw new NotAppliedException("no server gave a backup: " + String.join("; ", reasons));
  }

  private Fetched from(String server, PieceLink link, BackupFile target) throws IOException {
    BackupPiece first = link.ask(0);
    long size = first.getSize();
    BackupPiece piece = first;
    long offset = 0;
    while (true) {
      check(server, first, piece, offset);
      target.write(offset, piece.getBytes().asReadOnlyByteBuffer());
      offset += piece.getBytes().size();
      progress.at(server, offset, size);
      if (offset == size) {
        break;
      }
      piece = link.ask(offset);
    }
    if (!target.isWhole()) {
      throw new NotAppliedException(
          server + " gave a backup whose checksum is not that of its bytes");
    }
    return new Fetched(server, first.getCluster(), first.getApplied(), first.getHash(), size);
  }

  private static void check(String server, BackupPiece first, BackupPiece piece, long offset) {
    CRC32C crc = new CRC32C();
    crc.update(piece.getBytes().asReadOnlyByteBuffer());
    boolean isOfSame = piece.getSize() == first.getSize()
        && piece.getApplied() == first.getApplied()
        && piece.getHash() == first.getHash();
    boolean fits = piece.getOffset() == offset
        && !piece.getBytes().isEmpty()
        && piece.getBytes().size() <= piece.getSize() - offset;
    if (!isOfSame || !fits || (int) crc.getValue() != piece.getChecksum()) {
      throw new NotAppliedException(
          server + " gave a damaged piece, or one of something else, at byte " + offset);
    }
  }
}
