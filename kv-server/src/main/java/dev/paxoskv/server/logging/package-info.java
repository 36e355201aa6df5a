/** The log of the server program: how much is said, and how often. Programs only; needs Logback. */
@NullMarked
package dev.paxoskv.server.logging;

import org.jspecify.annotations.NullMarked;
