package dev.paxoskv.server.door.admin;

/**
 * An answer to a visitor.
 *
 * @param status of HTTP
 * @param type of the content
 * @param body text, each line ended
 */
record Page(int status, String type, String body) {
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;
  private static final String TEXT = "text/plain; charset=utf-8";

  static Page fine(String type, String body) {
    return new Page(OK, type, body);
  }

  static Page fine(String line) {
    return new Page(OK, TEXT, line + "\n");
  }

  static Page unavailable(String line) {
    return new Page(UNAVAILABLE, TEXT, line + "\n");
  }

  static Page error(int status, String line) {
    return new Page(status, TEXT, line + "\n");
  }
}
