package dev.paxoskv.paxos.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Port to one directory of a file system: all that the journal, the snapshots and the identity file
 * ask of it. Names are plain file names inside that directory.
 *
 * <p>The promises are those of a real disk and no more: what {@link #write} wrote survives a crash
 * only after {@link #sync} of that file returned; a file made, renamed or deleted is so after a
 * crash only once {@link #syncDirectory} returned. After an {@link IOException} from any of these
 * nothing is known about the file, and asking again is no cure: the caller must stop.
 *
 * <p>Calls block; one thread at a time.
 */
public interface Disk {

  /** Names of all files, in no order. */
  List<String> list() throws IOException;

  /** Size of {@code file} in bytes. */
  long size(String file) throws IOException;

  /** Makes {@code file}, which must not exist, with {@code size} bytes of zero really written. */
  void create(String file, long size) throws IOException;

  /** Writes all that remains in {@code bytes} at {@code offset}, growing the file if need be. */
  void write(String file, long offset, ByteBuffer bytes) throws IOException;

  /**
   * Fills {@code into} from {@code offset} as far as the file goes; returns bytes read, 0 at the
   * end.
   */
  int read(String file, long offset, ByteBuffer into) throws IOException;

  /** Returns when everything written to {@code file} is on the medium. */
  void sync(String file) throws IOException;

  /** Gives {@code from} the name {@code to}, replacing what had it. */
  void rename(String from, String to) throws IOException;

  void delete(String file) throws IOException;

  /** Returns when every file made, renamed or deleted so far is so on the medium. */
  void syncDirectory() throws IOException;

  /** Bytes that can still be written in this directory. */
  long free() throws IOException;
}
