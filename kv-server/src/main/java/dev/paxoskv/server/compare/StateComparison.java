package dev.paxoskv.server.compare;

import static java.util.Comparator.comparingLong;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.proto.kv.HashStatement;
import dev.paxoskv.proto.snapshot.Comparison;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares this server's state with that of the others. Now and then each server puts its state
 * hashes into the log; so all see the same statements in the same order. A majority with the same
 * hash is right: a server that had another has to stop. Until there is such a majority nobody who
 * knows of a difference may answer, as it could be the one that is wrong; nor may it hand on its
 * state, as that would get the majority which is looked for. Two of which one has the state of the
 * other are one witness ({@link Sides}). What is known goes with the state into snapshots. Protocol
 * thread only, once the state is a server's.
 *
 * <p>Of the instances from one multiple of the distance to the next, the first that holds a command
 * begins a round: all state the hashes up to it. Statements are no commands, so a store at rest
 * comes to rest. A round whose statements got lost is made good by the next, as hashes never meet
 * again; but whoever learns of a difference repeats its own statement until it stands in the log,
 * as there may be no next round.
 */
public final class StateComparison {
  private static final Logger LOG = LoggerFactory.getLogger(StateComparison.class);

  /** Instances between two comparisons, in the store. */
  public static final int EVERY = 256;

  /**
   * For so many rounds hashes and statements are kept: a statement that comes later says nothing.
   */
  private static final int ROUNDS_KEPT = 4;

  /** What is saved beside a state is no longer than this and this for each hash in it. */
  private static final int SAVED_BYTES = 256;

  private static final int SAVED_BYTES_EACH = 64;

  /** After which instance two states differed, and whether they may have done so before. */
  private record Parting(long seq, boolean maybeEarlier) {}

  private final int me;
  private final Quorum quorum;
  private final int every;
  private final HashLine own;

  /** Statements by server, by the instance up to which they go. */
  private final TreeMap<Long, TreeMap<Integer, HashStatement>> rounds = new TreeMap<>();

  /** Where this state and that of another server, by index, were first seen to differ. */
  private final TreeMap<Integer, Parting> partings = new TreeMap<>();

  /** The instance of the newest round, or one of before this server's time. */
  private long round = -1;

  /** The newest instance after which a majority had our hash. */
  private long agreed = -1;

  /** The newest instance after which there was a difference and no majority. */
  private long doubted = -1;

  private Optional<HashStatement> due = Optional.empty();
  private Optional<String> doubt = Optional.empty();
  private Optional<String> fault = Optional.empty();

  /**
   * Compares nothing yet.
   *
   * @param me this server's index
   * @param every how many instances lie between two comparisons; the same at every server
   */
  public StateComparison(int me, Quorum quorum, int every) {
    this.me = me;
    this.quorum = quorum;
    this.every = every;
    this.own = new HashLine(ROUNDS_KEPT * every);
  }

  /** That of a server without others. */
  public static StateComparison alone() {
    return new StateComparison(0, new Quorum(1), 1);
  }

  /** This server's state hash after {@code seq}, and whether that instance held a command. */
  public void applied(long seq, long hash, boolean hasCommand) {
    if (own.isEmpty()) {
      // Whether the others had their round in what came before is not known here.
      round = seq - 1;
    }
    own.add(seq, hash);
    if (hasCommand && seq / every > Math.floorDiv(round, every) && quorum.peers() > 1) {
      long from = Math.max(round + 1, seq - 2L * every + 1);
      round = seq;
      // One that was not taken yet is of no use any more.
      due = Optional.of(own.statement(me, from, seq));
      rounds.headMap(seq - (long) ROUNDS_KEPT * every, true).clear();
      rounds.put(seq, new TreeMap<>());
    }
  }

  /** What this server has to put into the log, once. */
  public Optional<HashStatement> takeDue() {
    Optional<HashStatement> taken = due;
    due = Optional.empty();
    return taken;
  }

  /**
   * A while has passed: if the states are known to differ, and what this server has is not in the
   * log, it is due again. In its place may be what it had before it was started again.
   */
  public void repeat() {
    rounds.descendingMap().entrySet().stream()
        .filter(round -> isWaitingForUs(round.getKey(), round.getValue()))
        .findFirst()
        .ifPresent(round -> {
          long seq = round.getKey();
          due = Optional.of(own.statement(me, seq - 2L * every + 1, seq));
        });
  }

  private boolean isWaitingForUs(long seq, Map<Integer, HashStatement> statements) {
    OptionalLong ours = own.at(seq);
    boolean isSaid = statements.containsKey(me)
        && OptionalLong.of(hashOf(statements.get(me))).equals(ours);
    return ours.isPresent()
        && !isSaid
        && statements.values().stream()
            .anyMatch(statement -> hashOf(statement) != ours.getAsLong());
  }

  /** A server's statement came out of the log. */
  public void stated(HashStatement statement) {
    boolean isWellFormed = statement.getServer() >= 0
        && statement.getServer() < quorum.peers()
        && statement.getHashesCount() > 0;
    if (!isWellFormed || own.at(statement.getLast()).isEmpty()) {
      // Too old, or of before this server's time: a later round tells, as hashes never meet again.
      return;
    }
    TreeMap<Integer, HashStatement> round =
        rounds.computeIfAbsent(statement.getLast(), last -> new TreeMap<>());
    round.put(statement.getServer(), statement);
    judge(statement.getLast(), round);
  }

  /** Why this server must stop at once; empty if it need not. */
  public Optional<String> fault() {
    return fault;
  }

  /** Why nothing may be answered for now; empty if it may. */
  public Optional<String> doubt() {
    return doubt;
  }

  /**
   * The last instance up to which a snapshot may be handed on. Above all instances while there is
   * no doubt; in doubt one less than the last after which nobody is known to have had another
   * state: what went wrong after an instance shows in the hash of the next.
   */
  public long sound() {
    long common = partings.values().stream()
        .mapToLong(parting -> parting.maybeEarlier() ? -1 : parting.seq() - 1)
        .min()
        .orElse(-1);
    return doubt.isEmpty() ? Long.MAX_VALUE : Math.max(agreed, common) - 1;
  }

  /**
   * What is to be known beside the state by whoever begins with it, so that nobody forgets that it
   * may be the wrong one; empty for a server alone.
   */
  public Optional<Comparison> saved() {
    if (quorum.peers() == 1) {
      return Optional.empty();
    }
    Comparison.Builder saved =
        Comparison.newBuilder().setServer(me).setDescent(own.descent().bits()).setAgreed(agreed);
    rounds.tailMap(agreed, false).forEach((seq, statements) -> {
      own.at(seq).ifPresent(hash -> saved.addRounds(own.statement(me, seq, seq)));
      statements
          .values()
          .forEach(statement -> saved.addStatements(
              statement.toBuilder().clearHashes().addHashes(hashOf(statement))));
    });
    int longest = SAVED_BYTES + (ROUNDS_KEPT + 1) * (quorum.peers() + 1) * SAVED_BYTES_EACH;
    int padding = Math.max(0, longest - saved.build().getSerializedSize());
    return Optional.of(saved.setPadding(ByteString.copyFrom(new byte[padding])).build());
  }

  /** Begins with what was saved beside a state up to {@code applied}, here or elsewhere. */
  public void restore(Comparison saved, long applied) {
    if (quorum.peers() == 1) {
      return;
    }
    agreed = saved.getAgreed();
    own.descends(new PeerSet(saved.getDescent()).with(saved.getServer()).without(me), applied);
    for (HashStatement each : saved.getRoundsList()) {
      own.addEarlier(each.getLast(), hashOf(each));
      rounds.put(each.getLast(), new TreeMap<>());
    }
    saved.getStatementsList().forEach(this::stated);
  }

  private void judge(long seq, Map<Integer, HashStatement> statements) {
    long ours = own.at(seq).orElseThrow();
    Map<Integer, HashStatement> said = new TreeMap<>(statements);
    said.computeIfAbsent(me, none -> own.statement(me, seq - 2L * every + 1, seq));
    Sides sides = Sides.of(said.values(), quorum);
    statements.values().forEach(statement -> remember(statement, ours));
    Optional<HashStatement> other = statements.values().stream()
        .filter(statement -> hashOf(statement) != ours)
        .min(comparingLong(statement -> parted(statement).seq()));
    OptionalLong right = sides.right();
    if (right.isPresent() && right.getAsLong() == ours) {
      agreed = Math.max(agreed, seq);
      own.confirmed(seq);
      if (seq >= doubted) {
        // A late statement of what was before the difference says nothing about it.
        doubt = Optional.empty();
      }
      other.ifPresent(statement -> LOG.error(
          "{}; this server is right, as a majority agrees: {}",
          describe(statement, ours),
          sides.of(ours)));
    } else if (other.isPresent() && right.isPresent()) {
      fault = Optional.of(describe(other.get(), ours) + "; a majority agrees with the other: "
          + sides.of(right.getAsLong()) + ". This server's memory or disk was damaged, or the"
          + " program has a fault: keep the data directory for a look and replace the server");
    } else if (other.isPresent() && seq > agreed) {
      doubted = Math.max(doubted, seq);
      disagree(other.get(), sides, statements.size() == quorum.peers());
    }
  }

  /** There is no majority among those who have said what they have. */
  private void disagree(HashStatement other, Sides sides, boolean areAll) {
    long ours = own.at(other.getLast()).orElseThrow();
    String next = areAll
        ? "; who agrees with whom: " + sides.all() + ". Nobody can know who is right:"
        : "; more servers have to say what they have: start those that are down. If none can:";
    String known = describe(other, ours) + next + " see 'When states differ' in docs/operations.md";
    if (doubt.isEmpty()) {
      LOG.error("{}; until then this server answers no client and hands on no state", known);
    }
    doubt = Optional.of(known);
  }

  private static long hashOf(HashStatement statement) {
    return HashLine.at(statement.getLast(), statement);
  }

  /** What it says is compared in full once: a later one tells less of how it began. */
  private void remember(HashStatement statement, long ours) {
    if (hashOf(statement) == ours) {
      // That of an older round says nothing about what came after.
      partings.computeIfPresent(
          statement.getServer(),
          (server, parting) -> parting.seq() <= statement.getLast() ? null : parting);
    } else if (!partings.containsKey(statement.getServer())) {
      long seq = own.firstOther(statement).orElse(statement.getLast());
      partings.put(statement.getServer(), new Parting(seq, seq == own.firstCommon(statement)));
    }
  }

  private Parting parted(HashStatement statement) {
    return partings.getOrDefault(statement.getServer(), new Parting(statement.getLast(), true));
  }

  private String describe(HashStatement statement, long ours) {
    Parting first = parted(statement);
    String since = first.maybeEarlier() ? "at or before instance " : "after instance ";
    boolean isOfBefore = statement.getServer() == me;
    String other =
        isOfBefore ? "what it had in an earlier life" : "server " + statement.getServer();
    return "the states of server " + me + " and " + other + " differ, first "
        + since + first.seq() + " (state hash after instance " + statement.getLast() + ": "
        + Long.toHexString(ours) + " and " + Long.toHexString(hashOf(statement)) + ")";
  }
}
