----------------------------- MODULE WipedVoter -----------------------------
(* Why the registration of Members is needed: one instance of Paxos among   *)
(* servers whose disks may be wiped.  Two servers talk only after each has  *)
(* recorded the other's member id, or refused it.  Who proposes counts an   *)
(* answer only from the member that it has recorded.                        *)
EXTENDS Integers, FiniteSets, TLC

CONSTANTS Peers, Value, Top, Needed, Wipes, Fault, None

Peer == 1..Peers
Ballot == 1..Top
Owner(b) == 1 + ((b - 1) % Peers)
Majorities == {S \in SUBSET Peer : 2 * Cardinality(S) = Peers + 1}
NoVote == [n |-> 0, v |-> None]

VARIABLES member, book, accepted,  \* as in Registration, by server
          promised, vote,          \* of acceptors
          promises,  \* <<acceptor, its id, ballot, id of who asks, ballot and value of the vote>>
          accepts,   \* <<ballot, id of who asks, value>>
          accepteds, \* <<acceptor, its id, ballot, id of who asks, value>>
          decided, wipes
members == <<member, book, accepted>>
acceptors == <<promised, vote>>
vars == <<members, acceptors, promises, accepts, accepteds, decided, wipes>>

Init ==
  /\ member = [s \in Peer |-> 1]
  /\ book = [r \in Peer |-> [s \in Peer |-> IF r = s THEN 1 ELSE 0]]
  /\ accepted = [s \in Peer |-> {}]
  /\ promised = [s \in Peer |-> 0] /\ vote = [s \in Peer |-> NoVote]
  /\ promises = {} /\ accepts = {} /\ accepteds = {} /\ decided = {} /\ wipes = 0

MayVote(s) == Cardinality(accepted[s]) >= Needed
Knows(r, s, id) == book[r][s] = id \/ Fault = "refusesNobody"

Greet(r, s) ==
  /\ r # s
  /\ \/ Fault = "refusesNobody"
     \/ book[r][s] \in {0, member[s]} /\ book[s][r] \in {0, member[r]}
  /\ book' = [book EXCEPT ![r][s] = member[s], ![s][r] = member[r]]
  /\ accepted' = [accepted EXCEPT ![r] = @ \cup {s}, ![s] = @ \cup {r}]
  /\ <<book', accepted'>> # <<book, accepted>>
  /\ UNCHANGED <<member, acceptors, promises, accepts, accepteds, decided, wipes>>

Promise(s, b) ==
  LET o == Owner(b)
  IN /\ MayVote(s) /\ MayVote(o) /\ b > promised[s] /\ Knows(s, o, member[o])
     /\ promised' = [promised EXCEPT ![s] = b]
     /\ promises' = promises \cup {<<s, member[s], b, member[o], vote[s].n, vote[s].v>>}
     /\ UNCHANGED <<members, vote, accepts, accepteds, decided, wipes>>

Propose(b, v) ==
  LET o == Owner(b)
  IN /\ MayVote(o) /\ \A w \in Value : <<b, member[o], w>> \notin accepts
     /\ \E Q \in Majorities :
          LET told == {p \in promises : /\ p[1] \in Q /\ p[3] = b /\ p[4] = member[o]
                                        /\ Knows(o, p[1], p[2])}
              votes == {p \in told : p[5] > 0}
          IN /\ \A s \in Q : \E p \in told : p[1] = s
             /\ votes = {} \/ \E p \in votes : p[6] = v /\ \A q \in votes : q[5] <= p[5]
     /\ accepts' = accepts \cup {<<b, member[o], v>>}
     /\ UNCHANGED <<members, acceptors, promises, accepteds, decided, wipes>>

Accept(s, b, id, v) ==
  /\ MayVote(s) /\ Knows(s, Owner(b), id)
  /\ b >= promised[s] /\ vote[s] # [n |-> b, v |-> v]
  /\ promised' = [promised EXCEPT ![s] = b]
  /\ vote' = [vote EXCEPT ![s] = [n |-> b, v |-> v]]
  /\ accepteds' = accepteds \cup {<<s, member[s], b, id, v>>}
  /\ UNCHANGED <<members, promises, accepts, decided, wipes>>

Decide(b, v) ==
  LET o == Owner(b)
  IN /\ v \notin decided
     /\ \E Q \in Majorities : \A s \in Q : \E x \in accepteds :
          x[1] = s /\ x[3] = b /\ x[4] = member[o] /\ x[5] = v /\ Knows(o, s, x[2])
     /\ decided' = decided \cup {v}
     /\ UNCHANGED <<members, acceptors, promises, accepts, accepteds, wipes>>

Wipe(s) ==
  /\ wipes < Wipes /\ wipes' = wipes + 1
  /\ member' = [member EXCEPT ![s] = @ + 1]
  /\ book' = [book EXCEPT ![s] = [t \in Peer |-> IF t = s THEN member[s] + 1 ELSE 0]]
  /\ accepted' = [accepted EXCEPT ![s] = {}]
  /\ promised' = [promised EXCEPT ![s] = 0] /\ vote' = [vote EXCEPT ![s] = NoVote]
  /\ UNCHANGED <<promises, accepts, accepteds, decided>>

Next ==
  \/ \E r, s \in Peer : Greet(r, s)
  \/ \E s \in Peer : Wipe(s)
  \/ \E s \in Peer, b \in Ballot : Promise(s, b)
  \/ \E b \in Ballot, v \in Value : Propose(b, v) \/ Decide(b, v)
  \/ \E s \in Peer, x \in accepts : Accept(s, x[1], x[2], x[3])

Spec == Init /\ [][Next]_vars

Agreement == Cardinality(decided) <= 1
Symmetry == Permutations(Value)
=============================================================================
