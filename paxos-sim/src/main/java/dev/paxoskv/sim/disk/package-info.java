/** A disk that forgets what was not synced, tears, rots, fills up and fails. */
@NullMarked
package dev.paxoskv.sim.disk;

import org.jspecify.annotations.NullMarked;
