/** Commands, read where they stand in a batch. */
@NullMarked
package dev.paxoskv.server.machine.command;

import org.jspecify.annotations.NullMarked;
