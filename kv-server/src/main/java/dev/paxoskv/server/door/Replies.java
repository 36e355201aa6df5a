package dev.paxoskv.server.door;

import com.google.protobuf.UnsafeByteOperations;
import dev.paxoskv.proto.kv.Applied;
import dev.paxoskv.proto.kv.Entry;
import dev.paxoskv.proto.kv.NotFound;
import dev.paxoskv.proto.kv.Page;
import dev.paxoskv.proto.kv.Reply;
import dev.paxoskv.proto.kv.SessionExpired;
import dev.paxoskv.proto.kv.Unmet;
import dev.paxoskv.proto.kv.Was;
import dev.paxoskv.server.machine.Result;

/** Results as the wire has them. Values are not copied: they are shared with the state. */
final class Replies {
  private Replies() {}

  static Reply of(long number, Result result) {
    Reply.Builder reply = Reply.newBuilder().setNumber(number);
    if (result instanceof Result.Applied) {
      reply.setApplied(Applied.getDefaultInstance());
    } else if (result instanceof Result.Refused refused) {
      reply.getRefusedBuilder().setReason(refused.reason()).setIsFinal(refused.isFinal());
    } else if (result instanceof Result.Found found && found.value().isPresent()) {
      reply
          .getFoundBuilder()
          .setValue(UnsafeByteOperations.unsafeWrap(found.value().get()));
    } else if (result instanceof Result.Found) {
      reply.setNotFound(NotFound.getDefaultInstance());
    } else if (result instanceof Result.Unmet) {
      reply.setUnmet(Unmet.getDefaultInstance());
    } else if (result instanceof Result.Counted counted) {
      reply.getCountedBuilder().setCount(counted.count());
    } else if (result instanceof Result.Was was) {
      Was.Builder told = reply.getWasBuilder().setIsMet(was.isMet());
      was.old().ifPresent(old -> told.setOld(UnsafeByteOperations.unsafeWrap(old)));
      told.setIsForgotten(was.isForgotten());
    } else if (result instanceof Result.Opened opened) {
      reply
          .getSessionOpenedBuilder()
          .setHigh(opened.session().high())
          .setLow(opened.session().low());
    } else if (result instanceof Result.Expired) {
      reply.setSessionExpired(SessionExpired.getDefaultInstance());
    } else if (result instanceof Result.Page page) {
      reply.setPage(page(page));
    }
    return reply.build();
  }

  private static Page page(Result.Page found) {
    Page.Builder page = Page.newBuilder().setIsMore(found.isMore());
    for (Result.Entry entry : found.entries()) {
      page.addEntries(Entry.newBuilder()
          .setKey(UnsafeByteOperations.unsafeWrap(entry.key()))
          .setValue(UnsafeByteOperations.unsafeWrap(entry.value())));
    }
    return page.build();
  }

  static Reply refused(long number, String reason) {
    Reply.Builder reply = Reply.newBuilder().setNumber(number);
    reply.getRefusedBuilder().setReason(reason);
    return reply.build();
  }

  static Reply retryLater(long number, String reason) {
    Reply.Builder reply = Reply.newBuilder().setNumber(number);
    reply.getRetryLaterBuilder().setReason(reason);
    return reply.build();
  }
}
