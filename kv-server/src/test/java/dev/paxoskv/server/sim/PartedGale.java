package dev.paxoskv.server.sim;

import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * The state of a server becomes another one while a third is away. From a seed to how long that was
 * played, and what was wrong.
 */
final class PartedGale implements LongFunction<Map.Entry<Long, String>> {
  private static final List<LongFunction<StoreSim>> SCENES = List.of(
      PartedScene::aStateThatMayBeWrongIsNotHandedOn,
      PartedScene::aCopyIsNoWitness,
      PartedScene::aCopyIsAWitnessOfWhatCameLater,
      PartedScene::doubtOutlivesARestart);

  @Override
  public Map.Entry<Long, String> apply(long seed) {
    long micros = 0;
    try {
      for (LongFunction<StoreSim> scene : SCENES) {
        micros += scene.apply(seed).simulator().nowMicros();
      }
      return Map.entry(micros, "");
    } catch (RuntimeException | AssertionError e) {
      return Map.entry(micros, "store: " + e.getMessage());
    }
  }
}
