package dev.paxoskv.paxos.net;

import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.roles.Effect;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes what the network hands in. */
final class Arrivals implements Inputs {
  record Request(int from, Effect.Connection connection, Envelope envelope) {}

  record Answer(int from, Envelope envelope) {}

  record Failed(int peer, Envelope envelope) {}

  final List<Request> requests = new CopyOnWriteArrayList<>();
  final List<Answer> answers = new CopyOnWriteArrayList<>();
  final List<Failed> failed = new CopyOnWriteArrayList<>();
  final List<String> stops = new CopyOnWriteArrayList<>();

  @Override
  public void mustStop(String reason) {
    stops.add(reason);
  }

  @Override
  public void request(int from, Effect.Connection connection, Envelope envelope) {
    requests.add(new Request(from, connection, envelope));
  }

  @Override
  public void answer(int from, Envelope envelope) {
    answers.add(new Answer(from, envelope));
  }

  @Override
  public void sendFailed(int peer, Envelope envelope) {
    failed.add(new Failed(peer, envelope));
  }
}
