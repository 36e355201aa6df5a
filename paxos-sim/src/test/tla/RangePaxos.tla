----------------------------- MODULE RangePaxos -----------------------------
(* Agreement: Acceptor with one promise for all instances beside those for  *)
(* single ones, Reports that come in pages, Proposer and Leadership, the    *)
(* gate of Host, and news of decisions that go without the value.           *)
(*                                                                          *)
(* A ballot of Ranges is asked for everywhere, by somebody who leads; any   *)
(* other is for one instance.  Messages are never taken away: one that is   *)
(* lost is one that nobody reads; delay and repetition cost nothing.        *)
EXTENDS Integers, FiniteSets, Sequences, TLC

CONSTANTS Peer, Instance, Value,
          Top, Ranges,  \* ballots 1..Top, and those asked for everywhere
          Crashes,      \* whether records wait for a sync, and may be lost before it
          Pages,        \* whether a report comes instance by instance
          Fault, None

Ballot == 1..Top
IsMajority(S) == 2 * Cardinality(S) > Cardinality(Peer)
Majorities == {S \in SUBSET Peer : 2 * Cardinality(S) = Cardinality(Peer) + 1}
NoVote == [n |-> 0, v |-> None]
Max(a, b) == IF a > b THEN a ELSE b

VARIABLES
  memory, \* of acceptors: range and instance promises, votes
  disk,   \* what a crash leaves of it
  gated,  \* answers that wait for the disk, by acceptor
  promises,  \* <<acceptor, ballot, instance, ballot and value of the vote>>
  accepts,   \* <<ballot, instance, value>>
  accepteds, \* <<acceptor, ballot, instance, value>>
  again      \* ballots that came back after a restart (only a fault does that)
vars == <<memory, disk, gated, promises, accepts, accepteds, again>>

Init ==
  /\ memory = [a \in Peer |-> [range |-> 0,
                               promised |-> [i \in Instance |-> 0],
                               vote |-> [i \in Instance |-> NoVote]]]
  /\ disk = memory
  /\ gated = [a \in Peer |-> {}]
  /\ promises = {} /\ accepts = {} /\ accepteds = {} /\ again = {}

\* Acceptor.promised: the higher promise counts.  A vote is a promise, too.
Promised(s, i) == Max(s.range, Max(s.promised[i], s.vote[i].n))

----------------------------------------------------------------------------
\* What an acceptor in state s answers to questions, new or repeated.

Page(a, s, i) ==
  LET isRefusal == s.promised[i] >= s.range \/ s.vote[i].n >= s.range
  IN IF s.range = 0 THEN {}
     ELSE IF ~isRefusal THEN {<<a, s.range, i, s.vote[i].n, s.vote[i].v>>}
     ELSE IF Fault = "refusalIsNothing" THEN {<<a, s.range, i, 0, None>>} ELSE {}

Promise(a, s, i) ==
  IF s.promised[i] > s.vote[i].n /\ s.promised[i] > s.range
  THEN {<<a, s.promised[i], i, s.vote[i].n, s.vote[i].v>>} ELSE {}

Accepted(a, s, i) ==
  IF s.vote[i].n > 0 THEN {<<a, s.vote[i].n, i, s.vote[i].v>>} ELSE {}

Answers(a, s) == UNION {Promise(a, s, i) \cup Accepted(a, s, i)
                        \cup (IF Pages THEN {} ELSE Page(a, s, i)) : i \in Instance}

IsPromise(m) == Len(m) = 5
Sent(answers) ==
  /\ promises' = promises \cup {m \in answers : IsPromise(m)}
  /\ accepteds' = accepteds \cup {m \in answers : ~IsPromise(m)}

PassesGate(m) == \/ ~Crashes
                 \/ Fault = "promiseBeforeItIsDurable" /\ IsPromise(m)
                 \/ Fault = "acceptedBeforeItIsDurable" /\ ~IsPromise(m)

Step(a, s, answers) ==
  /\ memory' = [memory EXCEPT ![a] = s]
  /\ disk' = IF Crashes THEN disk ELSE [disk EXCEPT ![a] = s]
  /\ gated' = [gated EXCEPT ![a] = @ \cup {m \in answers : ~PassesGate(m)}]
  /\ Sent({m \in answers : PassesGate(m)})
  /\ UNCHANGED <<accepts, again>>

\* A lower promise for an instance is forgotten: the higher one counts.
PromiseRange(a, b) ==
  LET s == [memory[a] EXCEPT !.range = b, !.promised = [i \in Instance |->
              IF memory[a].promised[i] > b /\ Fault # "rangeHidesInstance"
              THEN memory[a].promised[i] ELSE 0]]
  IN b > memory[a].range /\ Step(a, s, Answers(a, s))

\* A page is told of while the promise stands.
TellPage(a, i) ==
  /\ Pages /\ Page(a, memory[a], i) \ (promises \cup gated[a]) # {}
  /\ Step(a, memory[a], Page(a, memory[a], i))

PromiseInstance(a, b, i) ==
  LET s == [memory[a] EXCEPT !.promised[i] = b]
  IN b > Promised(memory[a], i) /\ Step(a, s, Answers(a, s))

Voted(s, b, i, v) == [s EXCEPT !.vote[i] = [n |-> b, v |-> v],
                               !.promised[i] = IF @ > b THEN @ ELSE 0]

Accept(a, b, i, v) ==
  LET old == memory[a]
      s == Voted(old, b, i, v)
      bound == CASE Fault = "acceptIgnoresRange" -> Max(old.promised[i], old.vote[i].n)
                 [] Fault = "acceptIgnoresInstance" -> Max(old.range, old.vote[i].n)
                 [] OTHER -> Promised(old, i)
  IN /\ <<b, i, v>> \in accepts
     /\ b >= bound
     /\ old.vote[i] # [n |-> b, v |-> v]
     /\ Step(a, s, Answers(a, s))

\* A question that comes again changes nothing; its answer waits for all records before it.
Repeat(a) ==
  /\ Fault = "gateWaitsForItsOwnStepOnly" /\ gated[a] # {}
  /\ Sent(gated[a]) /\ gated' = [gated EXCEPT ![a] = {}]
  /\ UNCHANGED <<memory, disk, accepts, again>>

Sync(a) ==
  /\ disk[a] # memory[a] \/ gated[a] # {}
  /\ disk' = [disk EXCEPT ![a] = memory[a]]
  /\ Sent(gated[a]) /\ gated' = [gated EXCEPT ![a] = {}]
  /\ UNCHANGED <<memory, accepts, again>>

Crash(a) ==
  /\ disk[a] # memory[a] \/ gated[a] # {}
  /\ memory' = [memory EXCEPT ![a] = disk[a]]
  /\ gated' = [gated EXCEPT ![a] = {}]
  /\ UNCHANGED <<disk, promises, accepts, accepteds, again>>

----------------------------------------------------------------------------
\* What a proposer does under ballot b.

\* Whether an acceptor has promised in an instance: only what it told of counts.
HasPromised(a, b, i) ==
  \E p \in promises : p[1] = a /\ p[2] = b /\ (p[3] = i \/ Fault = "pageCoversAll")

IsHighest(p, reports) ==
  \A q \in reports : IF Fault = "lowestVote" THEN q[4] >= p[4] ELSE q[4] <= p[4]

\* It need not know whether the instance is decided.
Propose(b, i, v) ==
  /\ <<b, i, v>> \notin accepts
  /\ \A w \in Value : <<b, i, w>> \notin accepts \/ b \in again
  /\ \E Q \in Majorities :
       /\ \A a \in Q : HasPromised(a, b, i)
       /\ LET votes == {p \in promises : p[1] \in Q /\ p[2] = b /\ p[3] = i /\ p[4] > 0}
          IN votes = {} \/ \E p \in votes : p[5] = v /\ IsHighest(p, votes)
  /\ accepts' = accepts \cup {<<b, i, v>>}
  /\ UNCHANGED <<memory, disk, gated, promises, accepteds, again>>

\* A ballot holds the number of the start, so that it does not come back.
Restart(b) ==
  /\ Fault = "ballotComesBack" /\ b \notin again /\ again' = again \cup {b}
  /\ UNCHANGED <<memory, disk, gated, promises, accepts, accepteds>>

Next ==
  \/ \E a \in Peer, b \in Ranges : PromiseRange(a, b)
  \/ \E a \in Peer, i \in Instance : TellPage(a, i)
  \/ \E a \in Peer, b \in Ballot \ Ranges, i \in Instance : PromiseInstance(a, b, i)
  \/ \E a \in Peer, b \in Ballot, i \in Instance, v \in Value : Accept(a, b, i, v)
  \/ \E a \in Peer : Sync(a) \/ Crash(a) \/ Repeat(a)
  \/ \E b \in Ballot, i \in Instance, v \in Value : Propose(b, i, v)
  \/ \E b \in Ballot : Restart(b)

Spec == Init /\ [][Next]_vars

----------------------------------------------------------------------------
ChosenAt(b, i, v) == IsMajority({a \in Peer : <<a, b, i, v>> \in accepteds})
Chosen(i, v) == \E b \in Ballot : ChosenAt(b, i, v)

\* An instance has one decision.
Agreement == \A i \in Instance, v, w \in Value : Chosen(i, v) /\ Chosen(i, w) => v = w

\* Once a value is chosen, nothing else is proposed above; found earlier than two decisions.
Early == \A i \in Instance, v \in Value, b \in Ballot :
           ChosenAt(b, i, v) => \A x \in accepts : x[2] = i /\ x[1] > b => x[3] = v

\* What was said is kept, also over a crash.
Kept == /\ \A p \in promises : Promised(disk[p[1]], p[3]) >= p[2]
        /\ \A x \in accepteds : Promised(disk[x[1]], x[3]) >= x[2]

\* News, and Decided without the value: who proposed at b has counted a majority there, and a
\* peer that voted at b knows the value.  Once it can be told it can be told for ever.
CanTell(b, i) == \/ \E v \in Value : ChosenAt(b, i, v)
                 \/ Fault = "newsOfForeignDecisions" /\ b \in Ranges /\ \E v \in Value : Chosen(i, v)
Takes(a, b, i) == LET n == memory[a].vote[i].n
                  IN n = b \/ (Fault = "newsTakenByAnyVote" /\ n > 0)
NewsAreTrue == \A a \in Peer, b \in Ballot, i \in Instance :
                 CanTell(b, i) /\ Takes(a, b, i) => Chosen(i, memory[a].vote[i].v)

----------------------------------------------------------------------------
Symmetry == Permutations(Peer) \cup Permutations(Value)

\* For a report in pages: the second instance is only there to be reported.
FirstOnly == \A x \in accepts : x[2] = 1
=============================================================================
