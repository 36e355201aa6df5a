/**
 * Proof that tests can fail: small source patches, each a deliberate mistake, are compiled in
 * memory and put under a trial that ought to notice. The classes of the build stay as they are, so
 * the product needs no hooks. {@code Mutants} is all that a test has to know.
 */
@NullMarked
package dev.paxoskv.sim.mutants;

import org.jspecify.annotations.NullMarked;
