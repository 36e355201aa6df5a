/** A backup of the whole store, fetched from one server into a file. */
@NullMarked
package dev.paxoskv.client.backup;

import org.jspecify.annotations.NullMarked;
