package dev.paxoskv.paxos.protocol;

import java.util.List;
import java.util.Optional;

/**
 * Everything that peers say to each other. A request goes out on the sender's own connection; its
 * answer comes back on the same connection, so that a peer nobody can dial still learns from the
 * answers to its own questions.
 *
 * <pre>
 * Agreement, nobody in the way (P proposes; A, B accept; P is an acceptor too):
 *   P: start(4, x)
 *   P --Prepare(4, b)--> A, B      A, B --Promise(4, b, nothing)--> P   free to use x
 *   P --Accept(4, b, x)-> A, B     A, B --Accepted(4, b)----------> P   x is chosen
 *   P --Decided(4, b)---> A, B
 *
 * Duel (Q takes a higher ballot c between the phases of P):
 *   Q --Prepare(4, c)--> A, B      A, B --Promise(4, c, nothing)--> Q
 *   P --Accept(4, b, x)-> A, B     A, B --Reject(4, b, c)---------> P   waits, goes above c
 *
 * Range (P wants to spare phase one from 4 on; A's report is cut into pages):
 *   P --PrepareRange(b, 4)-> A, B  A --RangePromise(b, 4..9, ...)-> P   A promised b everywhere
 *   P --PrepareRange(b, 9)-> A     A --RangePromise(b, 9.., ...)--> P   P knows all that A accepted
 *
 * Late (4 was decided while P was away):
 *   P --Prepare(4, b)--> A         A --Fetched(4 = x)-------------> P   learns x, tells the rest
 *
 * Catch-up (store only):
 *   P --Fetch(4..)-----> A         A --Fetched(4 = x, 5 = y)------> P
 *
 * Snapshot (store only; A has forgotten 4, as a snapshot of its state covers it):
 *   P --Fetch(4..)-----> A         A --Forgotten(4, done marks)---> P
 *   P --Pull(newest, 0)--> A       A --Piece(up to 9, 0..99)------> P   asks for the next
 *
 * Read (store only; P must apply up to 7 before it answers from its state):
 *   P --ReadCheck(1)-----> A, B    A --ReadChecked(1, up to 7)----> P   two of three are a majority
 *
 * Forgotten (everyone was done with 4, P has not heard that yet):
 *   P --Prepare(4, b)--> A         A --Forgotten(4, done marks)---> P   forgets 4 as well
 *
 * A start with a data directory (before P may vote; see Members):
 *   P --Register(P)----> A, B      A, B --Registered(P)-----------> P   they know P from now on
 *   P --Register(P)----> A         A --NotRegistered(P, why)------> P   stops: its memory was lost
 * </pre>
 */
public sealed interface Message {

  /**
   * What one peer sends another on its own connection: a question, or news that needs no answer.
   */
  sealed interface Request extends Message
      permits Prepare, PrepareRange, Accept, Decided, Done, Fetch, Register, Talk.Question {
    /** Hands this request to the handler's method for its kind. */
    void deliver(int from, RequestHandler handler);
  }

  /** What comes back on the connection of a request. */
  sealed interface Answer extends Message
      permits Promise,
          RangePromise,
          Accepted,
          Reject,
          Forgotten,
          Fetched,
          Registered,
          NotRegistered,
          Talk.Reply {
    /** Hands this answer to the handler's method for its kind. */
    void deliver(int from, AnswerHandler handler);
  }

  /** One method per kind of request: a new kind does not compile until it is handled. */
  interface RequestHandler extends Talk.RequestHandler {
    void onPrepare(int from, Prepare message);

    void onPrepareRange(int from, PrepareRange message);

    void onAccept(int from, Accept message);

    void onDecided(int from, Decided message);

    void onDone(int from, Done message);

    void onFetch(int from, Fetch message);

    void onRegister(int from, Register message);
  }

  /** One method per kind of answer. */
  interface AnswerHandler extends Talk.AnswerHandler {
    void onPromise(int from, Promise message);

    void onRangePromise(int from, RangePromise message);

    void onAccepted(int from, Accepted message);

    void onReject(int from, Reject message);

    void onForgotten(int from, Forgotten message);

    void onFetched(int from, Fetched message);

    void onRegistered(int from, Registered message);

    void onNotRegistered(int from, NotRegistered message);
  }

  /** Phase one, request: promise to ignore everything below {@code ballot}. The seed's prepare. */
  record Prepare(long seq, Ballot ballot) implements Request {
    @Override
    public void deliver(int from, RequestHandler handler) {
      handler.onPrepare(from, this);
    }
  }

  /** Phase one, yes, with what was accepted so far. The seed's prepare_ok(n, n_a, v_a). */
  record Promise(long seq, Ballot ballot, Optional<Vote> vote) implements Answer {
    @Override
    public void deliver(int from, AnswerHandler handler) {
      handler.onPromise(from, this);
    }
  }

  /**
   * Phase one for all instances: promise to ignore everything below {@code ballot}, in any, and say
   * what you accepted from {@code from} on. With a higher {@code from}: the next page of that.
   */
  record PrepareRange(Ballot ballot, long from) implements Request {
    @Override
    public void deliver(int from, RequestHandler handler) {
      handler.onPrepareRange(from, this);
    }
  }

  /**
   * Phase one, yes, for all instances. Says only what is within {@code first} to {@code end}, the
   * end not included: there an instance without a report is one with nothing accepted. About all
   * others it says nothing.
   *
   * @param end {@link Long#MAX_VALUE} if this is the last page
   * @param reports in ascending order
   */
  record RangePromise(Ballot ballot, long first, long end, List<Report> reports) implements Answer {
    @Override
    public void deliver(int from, AnswerHandler handler) {
      handler.onRangePromise(from, this);
    }
  }

  /**
   * What an acceptor has to say about one instance of a range.
   *
   * @param vote accepted below the ballot that was promised
   * @param decided if the acceptor knows it. With neither, it gives no promise for this instance:
   *     it has promised something higher there, or has lost its vote
   */
  record Report(long seq, Optional<Vote> vote, Optional<Value> decided) {
    /** Whether it is no promise. */
    public boolean isTaken() {
      return vote.isEmpty() && decided.isEmpty();
    }
  }

  /** Phase two, request: accept {@code value}. The seed's accept(n, v'). */
  record Accept(long seq, Ballot ballot, Value value) implements Request {
    @Override
    public void deliver(int from, RequestHandler handler) {
      handler.onAccept(from, this);
    }
  }

  /** Phase two, yes. The seed's accept_ok(n). */
  record Accepted(long seq, Ballot ballot) implements Answer {
    @Override
    public void deliver(int from, AnswerHandler handler) {
      handler.onAccepted(from, this);
    }
  }

  /**
   * No, in either phase: the acceptor has promised something higher.
   *
   * @param ballot the ballot that was refused
   * @param promised what the acceptor has promised, so that the proposer can go above it
   * @param isOfRange whether it has promised that for all instances, not for this one only
   */
  record Reject(long seq, Ballot ballot, Ballot promised, boolean isOfRange) implements Answer {
    /** The promise is one for this instance. */
    public Reject(long seq, Ballot ballot, Ballot promised) {
      this(seq, ballot, promised, false);
    }

    @Override
    public void deliver(int from, AnswerHandler handler) {
      handler.onReject(from, this);
    }
  }

  /**
   * The proposer's news to all others. The seed's decided(v').
   *
   * @param ballot under which the value was chosen, or {@link Ballot#ZERO} if the sender only
   *     learnt the value
   * @param value left out for a peer whose Accepted at {@code ballot} was counted: it has the value
   */
  record Decided(long seq, Ballot ballot, Optional<Value> value) implements Request {
    @Override
    public void deliver(int from, RequestHandler handler) {
      handler.onDecided(from, this);
    }
  }

  /** Carries nothing itself: what the envelope says is the news. Sent when nothing else was due. */
  record Done() implements Request {
    @Override
    public void deliver(int from, RequestHandler handler) {
      handler.onDone(from, this);
    }
  }

  /**
   * The instance asked about was forgotten, because every peer was done with it, or because a
   * snapshot of the sender covers it.
   *
   * @param seq instance asked about
   * @param doneMarks the done mark of every peer, by index, as the sender knows them
   */
  record Forgotten(long seq, List<Long> doneMarks) implements Answer {
    @Override
    public void deliver(int from, AnswerHandler handler) {
      handler.onForgotten(from, this);
    }
  }

  /** Which values were decided in the instances {@code first} to {@code last}, both included? */
  record Fetch(long first, long last) implements Request {
    @Override
    public void deliver(int from, RequestHandler handler) {
      handler.onFetch(from, this);
    }
  }

  /**
   * Decided values: the answer to Fetch, and to Prepare or Accept for an instance that is decided
   * already.
   *
   * @param entries in ascending order, with gaps where the sender knows no decision; cut off at a
   *     size limit
   * @param max the highest instance the sender knows of, or -1
   */
  record Fetched(List<Entry> entries, long max) implements Answer {
    @Override
    public void deliver(int from, AnswerHandler handler) {
      handler.onFetched(from, this);
    }
  }

  /** One decided instance. */
  record Entry(long seq, Value value) {}

  /**
   * Know me from now on as the only holder of my index.
   *
   * @param durable how far the sender's journal is durable, as in {@link Envelope}
   */
  record Register(Member member, long durable) implements Request {
    @Override
    public void deliver(int from, RequestHandler handler) {
      handler.onRegister(from, this);
    }
  }

  /** Yes, and a crash will not make the sender forget it. */
  record Registered(Member member) implements Answer {
    @Override
    public void deliver(int from, AnswerHandler handler) {
      handler.onRegistered(from, this);
    }
  }

  /**
   * No: another member holds the index, or this one has lost part of its memory. It must stop.
   *
   * @param reason one line for the operator
   */
  record NotRegistered(Member member, String reason) implements Answer {
    @Override
    public void deliver(int from, AnswerHandler handler) {
      handler.onNotRegistered(from, this);
    }
  }
}
