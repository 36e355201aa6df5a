package dev.paxoskv.server.snapshot;

import static dev.paxoskv.server.machine.Commands.append;
import static dev.paxoskv.server.machine.Commands.batchAt;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.Result;
import dev.paxoskv.sim.disk.SimDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What the program wrote before sessions were opened through the log: its bytes, and the hashes and
 * results that it came to itself.
 */
class DataOfBeforeTest {
  private static final String SNAPSHOT =
      "00000018febcd93f0a16080210041940c5a2bb01a76e4921ea96d2e4e8c9586d0000001a8a643ae6"
          + "12180a060a016b1201760a060a016c1201770a060a016e12013700000046cc5c87c01244121c0907"
          + "00000000000000110100000000000000180122040802280e28031224090700000000000000110200"
          + "00000000000022020801220408022001220408032001280400000006ffcc8e941a0408031002";
  private static final long HASH = 0x496ea701bba2c540L;

  /** A write that is there already, one more of a known session. */
  private static final String BATCH_3 =
      "0a1c090700000000000000110200000000000000180132060a016c1201770a1e0907000000000000"
          + "001101000000000000001803200232060a016b120178";

  private static final long HASH_3 = 0xff199730ff6babe8L;

  /** One that was acknowledged, one of a new session, two keys at once. */
  private static final String BATCH_4 =
      "0a200907000000000000001101000000000000001802320a0a016e1205616761696e0a1c09070000"
          + "0000000000110300000000000000180132060a016b1201790a230907000000000000001102000000"
          + "000000001804520d0a060a01611201620a030a016c";

  private static final long HASH_4 = 0xff106e748026c273L;

  private final SimDisk disk = new SimDisk();
  private final SnapshotStore store = new SnapshotStore(disk);
  private final List<Result> results = new ArrayList<>();

  private KvStateMachine machine() {
    return new KvStateMachine((session, number, result) -> results.add(result));
  }

  private KvStateMachine load() throws IOException {
    return store.load(this::machine).machine();
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static String value(KvStateMachine machine, String key) {
    Result.Found found = (Result.Found) machine.get(ByteString.copyFromUtf8(key));
    return new String(found.value().orElse(new byte[0]), UTF_8);
  }

  @Test
  void isReadAndComesToTheSame() throws IOException {
    String file = "snapshot-00000000000000000002";
    disk.create(file, 0);
    disk.write(file, 0, ByteBuffer.wrap(bytes(SNAPSHOT)));
    KvStateMachine machine = load();
    assertThat(machine.applied()).isEqualTo(2);
    assertThat(machine.hash()).isEqualTo(HASH);

    machine.apply(3, Value.of(bytes(BATCH_3)));
    assertThat(machine.hash()).isEqualTo(HASH_3);
    machine.apply(4, Value.of(bytes(BATCH_4)));
    assertThat(machine.hash()).isEqualTo(HASH_4);
    assertThat(value(machine, "k")).isEqualTo("vxy");
    assertThat(value(machine, "a")).isEqualTo("b");
    assertThat(value(machine, "l")).isEmpty();

    // From here on the log has times, and of sessions only those that are there.
    machine.apply(5, batchAt(1, append(9, 1, "k", "no")));
    assertThat(results.get(results.size() - 1)).isEqualTo(Result.EXPIRED);
    assertThat(SnapshotStoreTest.save(store, machine.walk(100))).isTrue();
    KvStateMachine saved = load();
    assertThat(saved.hash()).isEqualTo(machine.hash());
    assertThat(saved.sessions()).isEqualTo(3);
    assertThat(saved.time()).isEqualTo(1);
  }

  /** A program of before must not read what it would misread. */
  @Test
  void hasAnotherVersionThanWhatIsWrittenNow() throws IOException {
    KvStateMachine machine = machine();
    machine.apply(0, batchAt(1));
    SnapshotStoreTest.save(store, machine.walk(100));
    assertThat(SnapshotReader.head(disk, "snapshot-00000000000000000000").getVersion())
        .isEqualTo(3);
  }
}
