------------------------------- MODULE Reads -------------------------------
(* Reads without an entry in the log: ReadIndex, what Acceptor.accepted     *)
(* answers it, and what Leadership.reach tells a leader about itself.       *)
(*                                                                          *)
(* A write is an instance; its client is answered by some server that has   *)
(* applied everything up to it.  A read returns how far its server has      *)
(* applied.  Values are left out: agreement is for RangePaxos.  Phase one   *)
(* of a single instance is left out, too: any server may propose under such *)
(* a ballot at any time, which only adds behaviours.  What is accepted is   *)
(* durable at once.                                                         *)
EXTENDS Integers, FiniteSets, TLC

CONSTANTS Peer, Instances, Top,   \* instances 1..Instances; ballots 1..Top
          Leader,            \* who asks for all instances under a ballot, or None
          OpensAtOnce,       \* whether a new leader proposes at once what was reported
          Restarts, Forgets, \* whether servers restart, and acceptors forget
          Fault, None

Instance == 1..Instances
Ballot == 1..Top
Ranges == {b \in Ballot : Leader[b] # None}
IsMajority(S) == 2 * Cardinality(S) > Cardinality(Peer)
Majorities == {S \in SUBSET Peer : IsMajority(S)}
Highest(S) == IF S = {} THEN 0 ELSE CHOOSE x \in S : \A y \in S : y <= x
Max(a, b) == IF a > b THEN a ELSE b

VARIABLES
  range,     \* promise for all instances, by acceptor
  vote,      \* ballot of the vote, by acceptor and instance; 0 for none
  highest,   \* Acceptor.Reach, not durable: accepted in at all,
  foreign,   \*   and under another ballot than the range promise
  floor,     \* instances up to it are forgotten by the acceptor
  promises,  \* <<acceptor, ballot, instances told of>>, while the ballot's leader waits
  accepts,   \* <<ballot, instance>>: proposed
  accepteds, \* <<acceptor, ballot, instance>>: every vote there ever was
  known,     \* instances a server knows to be decided
  reign,     \* of a range ballot: "no", "leads", "over"
  shut,      \* of a range ballot: instances that its leader runs in another way
  reach,     \* of a range ballot: Leadership.reach
  done,      \* highest instance that a client was told of
  read       \* the one read that is under way

acceptors == <<range, vote, highest, foreign, floor>>
vars == <<acceptors, promises, accepts, accepteds, known, reign, shut, reach, done, read>>

NoRead == [at |-> None, except |-> 0, index |-> 0, need |-> 0, answered |-> {}]

Init ==
  /\ range = [a \in Peer |-> 0] /\ vote = [a \in Peer |-> [i \in Instance |-> 0]]
  /\ highest = range /\ foreign = range /\ floor = range
  /\ promises = {} /\ accepts = {} /\ accepteds = {}
  /\ known = [s \in Peer |-> {}]
  /\ reign = [b \in Ranges |-> "no"] /\ reach = [b \in Ranges |-> 0]
  /\ shut = [b \in Ranges |-> {}]
  /\ done = 0 /\ read = NoRead

\* Applier: in the same step as learning, without gaps.
Applied(s) == Highest({i \in Instance : \A j \in 1..i : j \in known[s]})

----------------------------------------------------------------------------
\* What acceptors do.

PromiseRange(a, b) ==
  /\ b > range[a]
  /\ range' = [range EXCEPT ![a] = b]
  /\ foreign' = IF Fault = "foreignStaysAtAPromise" THEN foreign
                ELSE [foreign EXCEPT ![a] = highest[a]]
  /\ promises' = IF reign[b] # "no" THEN promises
                 ELSE promises \cup {<<a, b, 1..floor[a] \cup {i \in Instance : vote[a][i] > 0}>>}
  /\ UNCHANGED <<vote, highest, floor, accepts, accepteds, known, reign, shut, reach, done, read>>

Accept(a, b, i) ==
  /\ <<b, i>> \in accepts /\ b >= range[a] /\ b > vote[a][i] /\ i > floor[a]
  /\ vote' = [vote EXCEPT ![a][i] = b]
  /\ highest' = [highest EXCEPT ![a] = Max(@, i)]
  /\ foreign' = IF b = range[a] THEN foreign ELSE [foreign EXCEPT ![a] = Max(@, i)]
  /\ accepteds' = accepteds \cup {<<a, b, i>>}
  /\ UNCHANGED <<range, floor, promises, accepts, known, reign, shut, reach, done, read>>

\* A durable snapshot covers what is applied.
Forget(a) ==
  /\ Forgets /\ Applied(a) > floor[a]
  /\ floor' = [floor EXCEPT ![a] = Applied(a)]
  /\ vote' = [vote EXCEPT ![a] = [i \in Instance |-> IF i <= Applied(a) THEN 0 ELSE vote[a][i]]]
  /\ UNCHANGED <<range, highest, foreign, promises, accepts, accepteds, known, reign, shut, reach>>
  /\ UNCHANGED <<done, read>>

\* Nothing is left but what is durable; a vote says under which ballot it was cast last.
Restart(s) ==
  /\ Restarts
  /\ highest' = [highest EXCEPT ![s] =
       IF Fault = "tellsOfThisLifeOnly" THEN 0 ELSE Highest({i \in Instance : vote[s][i] > 0})]
  /\ foreign' = [foreign EXCEPT ![s] =
       IF Fault = "tellsOfThisLifeOnly" THEN 0
       ELSE Highest({i \in Instance : vote[s][i] \notin {0, range[s]}})]
  /\ known' = [known EXCEPT ![s] = 1..floor[s]]
  /\ reign' = [b \in Ranges |-> IF Leader[b] = s /\ (reign[b] = "leads" \/ \E p \in promises : p[2] = b)
                                THEN "over" ELSE reign[b]]
  /\ read' = IF read.at = s THEN NoRead ELSE read
  /\ <<highest', foreign', known', reign', read'>> # <<highest, foreign, known, reign, read>>
  /\ UNCHANGED <<range, vote, floor, promises, accepts, accepteds, shut, reach, done>>

----------------------------------------------------------------------------
\* What proposers and learners do.

\* What was reported, and is not known to be decided, is proposed at once, or not under this
\* ballot at all: a refusal there, or a proposal of its own, has it run through both phases.
Lead(b) ==
  LET told(Q) == UNION {p[3] : p \in {x \in promises : x[1] \in Q /\ x[2] = b}}
  IN /\ reign[b] = "no"
     /\ \E Q \in Majorities, O \in SUBSET Instance :
          /\ \A a \in Q : \E p \in promises : p[1] = a /\ p[2] = b
          /\ O \subseteq (IF OpensAtOnce THEN told(Q) \ known[Leader[b]] ELSE {})
          /\ accepts' = accepts \cup {<<b, i>> : i \in O}
          /\ reach' = [reach EXCEPT ![b] =
               Highest((IF Fault \in {"forgetsReports", "knownDecided"} THEN {} ELSE told(Q))
                       \cup (IF Fault = "knownDecided" THEN {} ELSE O))]
          /\ shut' = [shut EXCEPT ![b] = IF OpensAtOnce THEN told(Q) ELSE {}]
          /\ promises' = {p \in promises : p[2] # b}
     /\ reign' = [reign EXCEPT ![b] = "leads"]
     /\ UNCHANGED <<acceptors, accepteds, known, done, read>>

Propose(b, i) ==
  /\ <<b, i>> \notin accepts
  /\ b \in Ranges => reign[b] = "leads" /\ i \notin known[Leader[b]] \cup shut[b]
  /\ accepts' = accepts \cup {<<b, i>>}
  /\ reach' = IF b \in Ranges /\ Fault \notin {"forgetsOpened", "knownDecided", "reportedOrKnown"}
              THEN [reach EXCEPT ![b] = Max(@, i)] ELSE reach
  /\ UNCHANGED <<acceptors, promises, accepteds, known, reign, shut, done, read>>

ChosenAt(b, i) == IsMajority({a \in Peer : <<a, b, i>> \in accepteds})

\* Only who proposed counts votes; under a range ballot that is its leader, of this life or not.
Decide(s, b, i) ==
  /\ i \notin known[s] /\ ChosenAt(b, i)
  /\ b \in Ranges => s = Leader[b]
  /\ known' = [known EXCEPT ![s] = @ \cup {i}]
  /\ UNCHANGED <<acceptors, promises, accepts, accepteds, reign, shut, reach, done, read>>

Learn(s, t, i) ==
  /\ i \in known[t] /\ i \notin known[s]
  /\ known' = [known EXCEPT ![s] = @ \cup {i}]
  /\ UNCHANGED <<acceptors, promises, accepts, accepteds, reign, shut, reach, done, read>>

\* Every server answers its own clients.
Acknowledge(s) ==
  /\ Applied(s) > done /\ done' = Applied(s)
  /\ UNCHANGED <<acceptors, promises, accepts, accepteds, known, reign, shut, reach, read>>

----------------------------------------------------------------------------
\* What a read does.

AcceptedUpTo(a, except) ==
  LET isOfRange == except > 0 /\ except = range[a]
      level == IF ~isOfRange THEN highest[a]
               ELSE IF Fault = "foreignAcceptsAreIgnored" THEN 0 ELSE foreign[a]
  IN IF Fault = "floorIsIgnored" THEN level ELSE Max(floor[a], level)

\* How far a leader must wait by what it knows itself.
Own(b) == CASE Fault \in {"knownDecided", "reportedOrKnown"} -> Max(reach[b], Highest(known[Leader[b]]))
            [] Fault = "contiguous" -> Applied(Leader[b])
            [] OTHER -> reach[b]

\* A read that begins before any client was told anything cannot be stale.
Ask(s, b) ==
  /\ read = NoRead /\ done > 0
  /\ read' = [at |-> s, except |-> b, need |-> done, answered |-> {s},
              index |-> Max(IF b = 0 THEN 0 ELSE Own(b), AcceptedUpTo(s, b))]
  /\ UNCHANGED <<acceptors, promises, accepts, accepteds, known, reign, shut, reach, done>>

\* A server that leads leaves out its own ballot; if it leads under two, the old reign is over.
Read(s) ==
  LET led == {b \in Ranges : Leader[b] = s /\ reign[b] = "leads"}
  IN Ask(s, Highest(led))

Answer(a) ==
  /\ read # NoRead /\ a \notin read.answered
  /\ read' = [read EXCEPT !.answered = @ \cup {a},
                          !.index = Max(@, AcceptedUpTo(a, read.except))]
  /\ UNCHANGED <<acceptors, promises, accepts, accepteds, known, reign, shut, reach, done>>

MayReturn ==
  /\ read # NoRead
  /\ IsMajority(read.answered) \/ Fault = "oneAnswerIsEnough"
  /\ Applied(read.at) >= read.index \/ Fault = "doesNotWait"

Return ==
  /\ MayReturn
  /\ read' = NoRead /\ done' = Max(done, Applied(read.at))
  /\ UNCHANGED <<acceptors, promises, accepts, accepteds, known, reign, shut, reach>>

Next ==
  \/ \E a \in Peer : Forget(a) \/ Restart(a) \/ Acknowledge(a) \/ Read(a) \/ Answer(a)
  \/ \E a \in Peer, b \in Ranges : PromiseRange(a, b)
  \/ \E a \in Peer, b \in Ballot, i \in Instance : Accept(a, b, i) \/ Decide(a, b, i)
  \/ \E s, t \in Peer, i \in Instance : Learn(s, t, i)
  \/ \E b \in Ranges : Lead(b)
  \/ \E b \in Ballot, i \in Instance : Propose(b, i)
  \/ Return

Spec == Init /\ [][Next]_vars

\* To begin later: everybody has promised ballot 1, whose leader leads, and nothing else happened.
InitLed ==
  /\ range = [a \in Peer |-> 1] /\ vote = [a \in Peer |-> [i \in Instance |-> 0]]
  /\ highest = [a \in Peer |-> 0] /\ foreign = highest /\ floor = highest
  /\ promises = {} /\ accepts = {} /\ accepteds = {}
  /\ known = [s \in Peer |-> {}]
  /\ reign = [b \in Ranges |-> IF b = 1 THEN "leads" ELSE "no"]
  /\ reach = [b \in Ranges |-> 0] /\ shut = [b \in Ranges |-> {}]
  /\ done = 0 /\ read = NoRead
SpecLed == InitLed /\ [][Next]_vars

\* A read returns at least what clients were told before it began, by servers or by other reads.
Fresh == MayReturn => Applied(read.at) >= read.need

----------------------------------------------------------------------------
\* For the configurations: who leads under which ballot.
CONSTANTS p1, p2, p3
SecondLed == <<None, p1>>
FirstLed == <<p1, None>>
BothLed == <<p1, p2>>
Symmetry == Permutations({p2, p3})

\* The leader proposes in instance 2, somebody else in instance 1, and p2 learns nothing of it.
Apart == /\ \A x \in accepts : (x[1] \in Ranges) = (x[2] = 2)
         /\ known[p2] = {}
=============================================================================
