---------------------------- MODULE Registration ----------------------------
(* Members: one server with a new data directory draws a member id and has  *)
(* the others record it; it votes once Needed of them have.  Any disk, its  *)
(* own or another's, may be wiped, Wipes in all; a wiped server starts      *)
(* again empty, and records whom it meets.                                  *)
EXTENDS Integers, FiniteSets, TLC

CONSTANTS Others, Needed, Wipes

VARIABLES member,   \* the id that the server has drawn
          book,     \* MemberBook of each other: the id it has recorded; 0 for none
          accepted, \* who has told this member that it is recorded
          voted,    \* the ids that have ever voted
          wipes
vars == <<member, book, accepted, voted, wipes>>

Init == /\ member = 1 /\ book = [o \in Others |-> 0]
        /\ accepted = {} /\ voted = {} /\ wipes = 0

Register(o) == /\ book[o] \in {0, member} /\ o \notin accepted
               /\ book' = [book EXCEPT ![o] = member]
               /\ accepted' = accepted \cup {o}
               /\ UNCHANGED <<member, voted, wipes>>

Vote == /\ Cardinality(accepted) >= Needed
        /\ voted' = voted \cup {member}
        /\ UNCHANGED <<member, book, accepted, wipes>>

Wipe == /\ wipes < Wipes /\ wipes' = wipes + 1
        /\ member' = member + 1 /\ accepted' = {}
        /\ UNCHANGED <<book, voted>>

WipeOther(o) == /\ wipes < Wipes /\ wipes' = wipes + 1 /\ book[o] # 0
                /\ book' = [book EXCEPT ![o] = 0]
                /\ UNCHANGED <<member, accepted, voted>>

Next == Vote \/ Wipe \/ \E o \in Others : Register(o) \/ WipeOther(o)
Spec == Init /\ [][Next]_vars

OneMember == Cardinality(voted) <= 1
Symmetry == Permutations(Others)
=============================================================================
