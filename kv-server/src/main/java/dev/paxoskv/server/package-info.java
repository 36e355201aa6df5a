/**
 * The store's server: {@code KvServer} wires it, {@code KvServerCommand} starts it from the command
 * line.
 */
@NullMarked
package dev.paxoskv.server;

import org.jspecify.annotations.NullMarked;
