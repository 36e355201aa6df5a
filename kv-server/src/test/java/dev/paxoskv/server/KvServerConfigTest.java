package dev.paxoskv.server;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.paxoskv.paxos.net.Address;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class KvServerConfigTest {
  private static final Address ADDRESS = new Address("127.0.0.1", 7001);

  @Test
  void whoIsNotInTheListIsToldSo() {
    for (int me : new int[] {-1, 1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> KvServerConfig.of(List.of(ADDRESS), me))
          .withMessage("own index " + me + " is not in the list of servers, which has 0 to 0");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KvServerConfig.of(List.of(), 0))
        .withMessage("a cluster has 1 to 63 servers, but 0 are listed");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KvServerConfig.of(Collections.nCopies(64, ADDRESS), 0))
        .withMessage("a cluster has 1 to 63 servers, but 64 are listed");
  }
}
