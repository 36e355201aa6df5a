package dev.paxoskv.server.machine;

import com.google.protobuf.ByteString;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.snapshot.SavedResult;
import dev.paxoskv.proto.snapshot.SavedWas;
import java.util.Optional;

/** What a session remembers of its writes, in memory and in a snapshot. */
final class SavedResults {
  private SavedResults() {}

  /** {@code result}, but with nothing in it that is long. */
  static Result kept(Result result) {
    boolean isLong = result instanceof Result.Was was
        && was.old().isPresent()
        && was.old().get().length > Limit.KEPT_BYTES_MAX_VALUE;
    return isLong ? new Result.Was(((Result.Was) result).isMet(), Optional.empty(), true) : result;
  }

  static SavedResult save(long number, Result result) {
    SavedResult.Builder saved = SavedResult.newBuilder().setNumber(number);
    if (result instanceof Result.Refused refused) {
      saved.setRefused(refused.reason()).setIsFinal(refused.isFinal());
    } else if (result instanceof Result.Counted counted) {
      saved.setCounted(counted.count());
    } else if (result instanceof Result.Was was) {
      SavedWas.Builder saving = saved.getWasBuilder().setIsMet(was.isMet());
      was.old().ifPresent(old -> saving.setOld(ByteString.copyFrom(old)));
      saving.setIsForgotten(was.isForgotten());
    } else {
      saved.setUnmet(result instanceof Result.Unmet);
    }
    return saved.build();
  }

  static Result restore(SavedResult saved) {
    if (saved.hasRefused()) {
      return new Result.Refused(saved.getRefused(), saved.getIsFinal());
    } else if (saved.hasCounted()) {
      return new Result.Counted(saved.getCounted());
    } else if (saved.hasWas()) {
      SavedWas was = saved.getWas();
      Optional<byte[]> old =
          was.hasOld() ? Optional.of(was.getOld().toByteArray()) : Optional.empty();
      return new Result.Was(was.getIsMet(), old, was.getIsForgotten());
    }
    return saved.getUnmet() ? Result.UNMET : Result.APPLIED;
  }
}
