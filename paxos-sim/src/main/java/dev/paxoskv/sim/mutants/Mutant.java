package dev.paxoskv.sim.mutants;

/**
 * A deliberate mistake in the product.
 *
 * @param name the patch's file name without its ending
 * @param patch the mistake, as a unified diff
 */
public record Mutant(String name, String patch) {
  @Override
  public String toString() {
    return name;
  }
}
