package dev.paxoskv.sim;

/**
 * How one direction between two peers behaves. Rates are from 0 to 1, times in microseconds.
 *
 * @param delayMin shortest way
 * @param delayMax longest way; what leaves later arrives later all the same, unless reordered
 * @param loss how many messages vanish without a word
 * @param duplication how many arrive twice
 * @param reordering how many lose their place in the line and take up to ten times as long
 * @param corruption how many arrive with flipped bits, which a checksum notices
 */
public record LinkFaults(
    long delayMin,
    long delayMax,
    double loss,
    double duplication,
    double reordering,
    double corruption) {

  /** A quick and faithful network. */
  public static final LinkFaults NONE = new LinkFaults(100, 500, 0, 0, 0);

  /** Faults without corruption. */
  public LinkFaults(
      long delayMin, long delayMax, double loss, double duplication, double reordering) {
    this(delayMin, delayMax, loss, duplication, reordering, 0);
  }
}
