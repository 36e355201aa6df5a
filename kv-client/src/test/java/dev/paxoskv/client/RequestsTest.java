package dev.paxoskv.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.client.data.Write;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.kv.Reply;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RequestsTest {
  private static final byte[] K = "k".getBytes(UTF_8);
  private static final byte[] LARGE = new byte[Limit.VALUE_BYTES_MAX_VALUE];

  @Test
  void onlyAnAnswerThatFitsIsOne() {
    Map<Command, Set<Reply.OutcomeCase>> fitting = Map.of(
        Requests.put(K, K), EnumSet.of(Reply.OutcomeCase.APPLIED),
        Requests.append(K, K), EnumSet.of(Reply.OutcomeCase.APPLIED),
        Requests.get(K), EnumSet.of(Reply.OutcomeCase.FOUND, Reply.OutcomeCase.NOT_FOUND),
        Requests.delete(K), EnumSet.of(Reply.OutcomeCase.APPLIED, Reply.OutcomeCase.UNMET),
        Requests.compareAndSet(K, Optional.empty(), K),
            EnumSet.of(Reply.OutcomeCase.APPLIED, Reply.OutcomeCase.UNMET),
        Requests.writeAll(List.of(Write.delete(K))), EnumSet.of(Reply.OutcomeCase.COUNTED),
        Requests.scan(K, K, 1), EnumSet.of(Reply.OutcomeCase.PAGE));
    fitting.forEach((request, outcomes) -> {
      Set<Reply.OutcomeCase> found = EnumSet.noneOf(Reply.OutcomeCase.class);
      for (Reply reply : replies()) {
        if (Requests.isAnswer(request, reply)) {
          found.add(reply.getOutcomeCase());
        }
      }
      if (!request.hasGet() && !request.hasScan()) {
        outcomes.add(Reply.OutcomeCase.SESSION_EXPIRED);
      }
      outcomes.add(Reply.OutcomeCase.REFUSED);
      outcomes.add(Reply.OutcomeCase.RETRY_LATER);
      assertThat(found).as("%s", request).isEqualTo(outcomes);
    });
  }

  /** One with each outcome, and one with none. */
  private static List<Reply> replies() {
    Reply.Builder each = Reply.newBuilder();
    return Reply.getDescriptor().getOneofs().get(0).getFields().stream()
        .map(field ->
            Reply.newBuilder().setField(field, each.newBuilderForField(field).build()))
        .map(Reply.Builder::build)
        .toList();
  }

  @Test
  void whatIsOverALimitIsRefusedBeforeItIsSent() {
    List<Write> many = Collections.nCopies(Limit.WRITES_MAX_VALUE + 1, Write.delete(K));
    refuses(() -> Requests.delete(new byte[0]), "a key of 0 bytes; it must be 1 to 4096");
    refuses(() -> Requests.scan(K, new byte[4097], 1), "a key to go on after of 4097 bytes");
    refuses(() -> Requests.scan(K, K, 0), "a number of entries of 0; it must be 1 to 1000");
    refuses(() -> Requests.scan(K, K, 1001), "it must be 1 to 1000");
    refuses(() -> Requests.writeAll(List.of()), "a number of writes of 0; it must be 1 to 8192");
    refuses(() -> Requests.writeAll(many), "a number of writes of 8193");
    refuses(() -> Requests.compareAndSet(K, Optional.of(LARGE), LARGE), "bytes in all");
    Write large = Write.put(K, LARGE);
    refuses(() -> Requests.writeAll(List.of(large, large)), "it must be up to 1052800");
    assertThat(Requests.writeAll(List.of(large)).getWriteAll().getWritesCount()).isEqualTo(1);
  }

  private static void refuses(ThrowingCallable request, String why) {
    assertThatThrownBy(request)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
