------------------------------- MODULE Forget -------------------------------
(* The floor: a server that has a durable snapshot forgets the votes that   *)
(* it covers (Roles.snapshotTaken, Acceptor.forget), and says Forgotten     *)
(* there from then on.  What an acceptor holds is durable at once; for the  *)
(* sync see RangePaxos.  A snapshot is written first and durable later.     *)
EXTENDS Integers, FiniteSets, TLC

CONSTANTS Peer, Instances, Value, Top, Ranges, Fault, None

Instance == 1..Instances
Ballot == 1..Top
IsMajority(S) == 2 * Cardinality(S) > Cardinality(Peer)
Majorities == {S \in SUBSET Peer : 2 * Cardinality(S) = Cardinality(Peer) + 1}
NoVote == [n |-> 0, v |-> None]
Max(a, b) == IF a > b THEN a ELSE b

VARIABLES
  range, promised, vote,        \* of acceptors, as in RangePaxos
  floor,                        \* instances up to it are forgotten
  written, durable, applied,    \* how far the newest snapshot reaches, the durable one, the state
  promises, accepts, accepteds  \* messages, as in RangePaxos
acceptors == <<range, promised, vote, floor>>
states == <<written, durable, applied>>
messages == <<promises, accepts, accepteds>>
vars == <<acceptors, states, messages>>

Init ==
  /\ range = [a \in Peer |-> 0]
  /\ promised = [a \in Peer |-> [i \in Instance |-> 0]]
  /\ vote = [a \in Peer |-> [i \in Instance |-> NoVote]]
  /\ floor = range /\ written = range /\ durable = range /\ applied = range
  /\ promises = {} /\ accepts = {} /\ accepteds = {}

Promised(a, i) == Max(range[a], Max(promised[a][i], vote[a][i].n))
IsForgotten(a, i) == i <= floor[a]
Promise(a, b, i) == IF IsForgotten(a, i) /\ Fault # "nothingBelowTheFloor" THEN {}
                    ELSE {<<a, b, i, vote[a][i].n, vote[a][i].v>>}
ChosenAt(b, i, v) == IsMajority({a \in Peer : <<a, b, i, v>> \in accepteds})

PromiseRange(a, b) ==
  /\ b > range[a]
  /\ range' = [range EXCEPT ![a] = b]
  /\ promised' = [promised EXCEPT ![a] = [i \in Instance |-> IF @[i] > b THEN @[i] ELSE 0]]
  /\ promises' = promises \cup UNION {Promise(a, b, i) :
                   i \in {j \in Instance : promised[a][j] < b /\ vote[a][j].n < b}}
  /\ UNCHANGED <<vote, floor, states, accepts, accepteds>>

PromiseInstance(a, b, i) ==
  /\ b > Promised(a, i) /\ Promise(a, b, i) # {}
  /\ promised' = [promised EXCEPT ![a][i] = b]
  /\ promises' = promises \cup Promise(a, b, i)
  /\ UNCHANGED <<range, vote, floor, states, accepts, accepteds>>

Accept(a, b, i, v) ==
  /\ <<b, i, v>> \in accepts /\ b >= Promised(a, i) /\ vote[a][i] # [n |-> b, v |-> v]
  /\ ~IsForgotten(a, i) \/ Fault = "acceptsBelowTheFloor"
  /\ vote' = [vote EXCEPT ![a][i] = [n |-> b, v |-> v]]
  /\ promised' = [promised EXCEPT ![a][i] = IF @ > b THEN @ ELSE 0]
  /\ accepteds' = accepteds \cup {<<a, b, i, v>>}
  /\ UNCHANGED <<range, floor, states, promises, accepts>>

Propose(b, i, v) ==
  /\ \A w \in Value : <<b, i, w>> \notin accepts
  /\ \E Q \in Majorities :
       LET told == {p \in promises : p[1] \in Q /\ p[2] = b /\ p[3] = i}
           votes == {p \in told : p[4] > 0}
       IN /\ \A a \in Q : \E p \in told : p[1] = a
          /\ votes = {} \/ \E p \in votes : p[5] = v /\ \A q \in votes : q[4] <= p[4]
  /\ accepts' = accepts \cup {<<b, i, v>>}
  /\ UNCHANGED <<acceptors, states, promises, accepteds>>

----------------------------------------------------------------------------
\* The next value comes from somebody who voted for it, or has applied it and kept it.
Apply(a) ==
  LET i == applied[a] + 1
  IN /\ i \in Instance
     /\ \E b \in Ballot, v \in Value :
          /\ ChosenAt(b, i, v)
          /\ \E c \in Peer : vote[c][i].v = v \/ applied[c] >= i
     /\ applied' = [applied EXCEPT ![a] = i]
     /\ UNCHANGED <<acceptors, written, durable, messages>>

Write(a) ==
  /\ applied[a] > written[a] /\ written' = [written EXCEPT ![a] = applied[a]]
  /\ UNCHANGED <<acceptors, durable, applied, messages>>

SyncSnapshot(a) ==
  /\ written[a] > durable[a] /\ durable' = [durable EXCEPT ![a] = written[a]]
  /\ UNCHANGED <<acceptors, written, applied, messages>>

ForgetUpTo(a) ==
  LET k == IF Fault = "snapshotCountsBeforeItIsDurable" THEN written[a] ELSE durable[a]
  IN /\ k > floor[a]
     /\ floor' = [floor EXCEPT ![a] = k]
     /\ vote' = [vote EXCEPT ![a] = [i \in Instance |-> IF i <= k THEN NoVote ELSE @[i]]]
     /\ promised' = [promised EXCEPT ![a] = [i \in Instance |-> IF i <= k THEN 0 ELSE @[i]]]
     /\ UNCHANGED <<range, states, messages>>

Crash(a) ==
  /\ written[a] # durable[a] \/ applied[a] # durable[a]
  /\ written' = [written EXCEPT ![a] = durable[a]]
  /\ applied' = [applied EXCEPT ![a] = durable[a]]
  /\ UNCHANGED <<acceptors, durable, messages>>

Next ==
  \/ \E a \in Peer : Apply(a) \/ Write(a) \/ SyncSnapshot(a) \/ ForgetUpTo(a) \/ Crash(a)
  \/ \E a \in Peer, b \in Ranges : PromiseRange(a, b)
  \/ \E a \in Peer, b \in Ballot \ Ranges, i \in Instance : PromiseInstance(a, b, i)
  \/ \E a \in Peer, b \in Ballot, i \in Instance, v \in Value : Accept(a, b, i, v)
  \/ \E b \in Ballot, i \in Instance, v \in Value : Propose(b, i, v)

Spec == Init /\ [][Next]_vars

----------------------------------------------------------------------------
Agreement == \A i \in Instance, v, w \in Value, b, c \in Ballot :
               ChosenAt(b, i, v) /\ ChosenAt(c, i, w) => v = w

Early == \A i \in Instance, v \in Value, b \in Ballot :
           ChosenAt(b, i, v) => \A x \in accepts : x[2] = i /\ x[1] > b => x[3] = v

\* A majority holds each decision, as a vote or in a durable snapshot.
Retained == \A i \in Instance, b \in Ballot, v \in Value : ChosenAt(b, i, v) =>
              IsMajority({a \in Peer : durable[a] >= i
                                       \/ (vote[a][i].n >= b /\ vote[a][i].v = v)})

Symmetry == Permutations(Peer) \cup Permutations(Value)
=============================================================================
