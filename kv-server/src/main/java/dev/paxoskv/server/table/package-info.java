/**
 * The keys and values of the store in memory: found by hash, in the order of their bytes for scans,
 * and walked as they were at one moment while they change. Depends on what is put in alone.
 */
@NullMarked
package dev.paxoskv.server.table;

import org.jspecify.annotations.NullMarked;
