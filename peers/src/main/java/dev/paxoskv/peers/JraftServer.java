package dev.paxoskv.peers;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.RaftGroupService;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.rpc.RaftRpcServerFactory;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcServer;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One server of SOFAJRaft with a map for a state machine, everything as it is by default: the log
 * in RocksDB, each append synced. Its arguments: own address, all addresses with commas, a
 * directory.
 */
public final class JraftServer {
  /** The one group. */
  static final String GROUP = "bench";

  private static final byte[] NOTHING = new byte[0];

  private JraftServer() {}

  /** Serves until it is killed. */
  public static void main(String[] args) throws InterruptedException {
    PeerId self = new PeerId();
    self.parse(args[0]);
    Configuration group = new Configuration();
    group.parse(args[1]);
    NodeOptions options = new NodeOptions();
    Machine machine = new Machine();
    options.setFsm(machine);
    options.setInitialConf(group);
    options.setLogUri(args[2] + "/log");
    options.setRaftMetaUri(args[2] + "/meta");
    RpcServer server = RaftRpcServerFactory.createRaftRpcServer(self.getEndpoint());
    Door door = new Door(machine);
    server.registerProcessor(door);
    door.node = new RaftGroupService(GROUP, self, options, server).start();
    Thread.currentThread().join();
  }

  /** The map. */
  private static final class Machine extends StateMachineAdapter {
    final Map<ByteBuffer, byte[]> values = new ConcurrentHashMap<>();

    @Override
    public void onApply(Iterator entries) {
      while (entries.hasNext()) {
        ByteBuffer data = entries.getData().duplicate();
        byte[] key = new byte[data.getInt()];
        data.get(key);
        byte[] value = new byte[data.remaining()];
        data.get(value);
        values.put(ByteBuffer.wrap(key), value);
        Closure done = entries.done();
        if (done != null) {
          done.run(Status.OK());
        }
        entries.next();
      }
    }
  }

  /** What clients ask. */
  private static final class Door implements RpcProcessor<JraftRequest> {
    private final Machine machine;
    private volatile @org.jspecify.annotations.Nullable Node node;

    Door(Machine machine) {
      this.machine = machine;
    }

    @Override
    public String interest() {
      return JraftRequest.class.getName();
    }

    @Override
    public void handleRequest(RpcContext context, JraftRequest request) {
      Node running = node;
      if (running == null) {
        context.sendResponse(JraftRequest.Reply.failed("not started yet"));
      } else if (request.isPut()) {
        byte[] key = request.key();
        byte[] value = request.value();
        ByteBuffer entry = ByteBuffer.allocate(4 + key.length + value.length);
        entry.putInt(key.length).put(key).put(value).flip();
        running.apply(new Task(entry, status -> answer(context, status, NOTHING)));
      } else {
        running.readIndex(NOTHING, new ReadIndexClosure() {
          @Override
          public void run(Status status, long index, byte[] ignored) {
            byte[] value = machine.values.getOrDefault(ByteBuffer.wrap(request.key()), NOTHING);
            answer(context, status, value);
          }
        });
      }
    }

    private static void answer(RpcContext context, Status status, byte[] value) {
      context.sendResponse(
          status.isOk()
              ? JraftRequest.Reply.done(value)
              : JraftRequest.Reply.failed(status.getErrorMsg()));
    }
  }
}
