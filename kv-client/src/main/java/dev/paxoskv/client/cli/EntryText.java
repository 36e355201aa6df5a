package dev.paxoskv.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.Optional;

/** Keys and values as they are printed: as words, or as an object of JSON; one line each. */
final class EntryText {
  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  private EntryText() {}

  /** One word for people and scripts; what it was can be read from it. */
  static String word(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (byte one : bytes) {
      if (one == '\\') {
        text.append("\\\\");
      } else if (one >= ' ' && one < 0x7f) {
        text.append((char) one);
      } else {
        text.append(String.format("\\x%02x", one));
      }
    }
    return text.toString();
  }

  /** Only the key. */
  static String json(byte[] key) {
    JsonObject object = new JsonObject();
    add(object, "key", key);
    return GSON.toJson(object);
  }

  /** The key and its value, null if there is none. */
  static String json(byte[] key, Optional<byte[]> value) {
    JsonObject object = new JsonObject();
    add(object, "key", key);
    if (value.isPresent()) {
      add(object, "value", value.get());
    } else {
      object.add("value", JsonNull.INSTANCE);
    }
    return GSON.toJson(object);
  }

  /** As a string if it is one, else under another name, so that nobody mistakes it. */
  private static void add(JsonObject object, String name, byte[] bytes) {
    try {
      object.addProperty(name, UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      object.addProperty(name + "Base64", Base64.getEncoder().encodeToString(bytes));
    }
  }
}
