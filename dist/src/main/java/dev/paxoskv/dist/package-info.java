/** What the build adds to the package: manual pages and completion. Not itself in the package. */
@NullMarked
package dev.paxoskv.dist;

import org.jspecify.annotations.NullMarked;
