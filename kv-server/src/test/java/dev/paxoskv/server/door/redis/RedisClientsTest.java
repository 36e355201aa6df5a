package dev.paxoskv.server.door.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;

/** Two clients that people use, at each of three servers. */
@Timeout(120)
@SuppressWarnings("deprecation") // commands that Redis keeps, clients still send
class RedisClientsTest {
  private static RedisServers servers;

  @BeforeAll
  static void start() {
    servers = new RedisServers(3);
    // Until there is a majority nothing is answered but that there is none.
    await().ignoreExceptions().atMost(60, TimeUnit.SECONDS).until(() -> {
      try (Jedis jedis = jedis(0)) {
        return jedis.set("ready", "yes").equals("OK");
      }
    });
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  private static Jedis jedis(int server) {
    return new Jedis("127.0.0.1", servers.port(server), 20_000);
  }

  @ParameterizedTest(name = "server {0}")
  @ValueSource(ints = {0, 1, 2})
  void jedisFindsWhatItKnows(int server) {
    String key = "jedis" + server;
    try (Jedis jedis = jedis(server);
        Jedis other = jedis((server + 1) % 3)) {
      assertThat(jedis.ping()).isEqualTo("PONG");
      assertThat(jedis.set(key, "a")).isEqualTo("OK");
      assertThat(other.get(key)).as("at another server").isEqualTo("a");
      assertThat(jedis.set(key, "b", SetParams.setParams().nx())).isNull();
      assertThat(jedis.setGet(key, "b")).isEqualTo("a");
      assertThat(jedis.append(key, "cd")).isEqualTo(3);
      assertThat(other.strlen(key)).isEqualTo(3);
      assertThat(jedis.mset(key + "x", "1", key + "y", "2")).isEqualTo("OK");
      assertThat(other.mget(key + "x", key, key + "z")).containsExactly("1", "bcd", null);
      assertThat(jedis.incrBy(key + "x", 41)).isEqualTo(42);
      assertThat(jedis.del(key, key + "z")).isEqualTo(1);
      assertThat(other.exists(key)).isFalse();
      assertThatThrownBy(() -> jedis.setex(key, 10, "v")).isInstanceOf(JedisDataException.class);
      assertThat(jedis.get(key)).as("the connection lives").isNull();
    }
  }

  @Test
  void jedisPipelinesInOrder() {
    try (Jedis jedis = jedis(1)) {
      Pipeline pipeline = jedis.pipelined();
      List<Response<?>> replies = new ArrayList<>();
      List<Object> expected = new ArrayList<>();
      StringBuilder value = new StringBuilder();
      for (int i = 0; i < 3000; i++) {
        if (i % 7 == 3) {
          replies.add(pipeline.get("line"));
          expected.add(value.toString());
        } else if (i % 100 == 50) {
          replies.add(pipeline.set("line", ""));
          expected.add("OK");
          value.setLength(0);
        } else {
          replies.add(pipeline.append("line", Integer.toString(i % 10)));
          value.append(i % 10);
          expected.add((long) value.length());
        }
      }
      pipeline.sync();
      assertThat(replies.stream().<Object>map(Response::get).toList()).isEqualTo(expected);
    }
  }

  @Test
  void jedisScansEverythingOnce() {
    try (Jedis jedis = jedis(2)) {
      TreeSet<String> keys = new TreeSet<>();
      for (int i = 0; i < 200; i++) {
        keys.add("scan:" + i);
        jedis.set("scan:" + i, "v");
      }
      List<String> found = new ArrayList<>();
      String cursor = ScanParams.SCAN_POINTER_START;
      ScanParams params = new ScanParams().match("scan:*").count(17);
      int pages = 0;
      do {
        ScanResult<String> page = jedis.scan(cursor, params);
        found.addAll(page.getResult());
        cursor = page.getCursor();
        pages++;
      } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
      assertThat(found).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(keys);
      assertThat(pages).isEqualTo(12);
    }
  }

  /** Lettuce probes with HELLO 3 and CLIENT SETINFO, and goes on with what it is given. */
  @ParameterizedTest(name = "server {0}")
  @ValueSource(ints = {0, 1, 2})
  void lettuceFindsWhatItKnows(int server) {
    RedisURI address = RedisURI.create("127.0.0.1", servers.port(server));
    address.setClientName("lettuce");
    RedisClient client = RedisClient.create(address);
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      RedisCommands<String, String> redis = connection.sync();
      String key = "lettuce" + server;
      assertThat(redis.clientGetname()).isEqualTo("lettuce");
      assertThat(redis.set(key, "1")).isEqualTo("OK");
      assertThat(redis.set(key, "2", SetArgs.Builder.nx())).isNull();
      assertThat(redis.incr(key)).isEqualTo(2);
      assertThat(redis.decrby(key, 5)).isEqualTo(-3);
      assertThat(redis.getset(key, "x")).isEqualTo("-3");
      assertThat(redis.setnx(key, "y")).isFalse();
      assertThat(redis.mset(Map.of(key + "a", "1", key + "b", "2"))).isEqualTo("OK");
      assertThat(redis.exists(key + "a", key + "b", key + "c")).isEqualTo(2);
      KeyScanCursor<String> page =
          redis.scan(ScanArgs.Builder.matches(key + "?").limit(1000));
      assertThat(page.getKeys()).containsExactly(key + "a", key + "b");
      assertThat(redis.info()).contains("redis_version:");
      assertThat(redis.dbsize()).isPositive();
      assertThat(redis.command()).isNotEmpty();
      ScanIterator.scan(redis, ScanArgs.Builder.limit(5)).stream().forEach(each -> {});
    } finally {
      client.shutdown(0, 1, TimeUnit.SECONDS);
    }
  }

  @Test
  void lettuceKeepsOrderWithManyUnderWay() throws Exception {
    RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", servers.port(0)));
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      RedisAsyncCommands<String, String> redis = connection.async();
      List<RedisFuture<Long>> sums = new ArrayList<>();
      for (int i = 0; i < 5000; i++) {
        sums.add(redis.incr("lettuce:sum"));
      }
      for (int i = 0; i < sums.size(); i++) {
        assertThat(sums.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(i + 1);
      }
    } finally {
      client.shutdown(0, 1, TimeUnit.SECONDS);
    }
  }
}
