package dev.paxoskv.sim.explore;

import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** Answers to a question about each message, asked once. */
final class Memo {
  private static final byte NO = 1;
  private static final byte YES = 2;

  private byte[] answers = new byte[64];

  boolean is(int number, BooleanSupplier question) {
    if (number >= answers.length) {
      answers = Arrays.copyOf(answers, Math.max(number + 1, answers.length * 2));
    }
    if (answers[number] == 0) {
      // Asking may teach new messages, but never changes an answer.
      byte answer = question.getAsBoolean() ? YES : NO;
      answers[number] = answer;
    }
    return answers[number] == YES;
  }
}
