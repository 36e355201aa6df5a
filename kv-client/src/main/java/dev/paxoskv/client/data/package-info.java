/** What goes to the store and comes back from it, where that is more than bytes. */
@NullMarked
package dev.paxoskv.client.data;

import org.jspecify.annotations.NullMarked;
