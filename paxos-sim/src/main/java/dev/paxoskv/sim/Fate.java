package dev.paxoskv.sim;

import java.util.Locale;

/** What can become of a message on the network, other than to arrive. */
enum Fate {
  CUT_OFF,
  LOST,
  DUPLICATED,
  REORDERED,
  CORRUPTED_AND_REFUSED,
  CORRUPTED_YET_READABLE,
  SENDER_WAS_TOLD;

  String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
