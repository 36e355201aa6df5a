/** Micro-benchmarks of the hot path. Ratios between two runs on one machine mean something. */
@NullMarked
package dev.paxoskv.bench;

import org.jspecify.annotations.NullMarked;
