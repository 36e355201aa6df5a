package dev.paxoskv.server.door.admin;

import dev.paxoskv.paxos.NodeDisk;
import dev.paxoskv.paxos.PaxosNode;
import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.protocol.view.PeerView;
import dev.paxoskv.proto.kv.Command.OperationCase;
import dev.paxoskv.proto.kv.ServerStatus;
import dev.paxoskv.server.service.RequestMeter;
import dev.paxoskv.server.service.RequestMeter.Outcome;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Locale;

/** The names of what the store counts, and where each number comes from. Protocol thread only. */
final class StoreMetrics {
  private static final double NANOS = 1e9;

  private final Inside inside;

  StoreMetrics(Inside inside) {
    this.inside = inside;
  }

  MetricSnapshots sample() {
    Sheet sheet = new Sheet();
    requests(sheet, inside.meter());
    clients(sheet);
    log(sheet, inside.node().host());
    disk(sheet, inside.node().disk());
    leader(sheet, inside.node().host());
    peers(sheet, inside.node());
    state(sheet, inside.status().get());
    return sheet.snapshots();
  }

  private static void requests(Sheet sheet, RequestMeter meter) {
    for (OperationCase kind : OperationCase.values()) {
      if (kind != OperationCase.OPERATION_NOT_SET) {
        for (Outcome outcome : Outcome.values()) {
          sheet.counter(
              "paxoskv_requests",
              "Commands of clients by what became of them",
              meter.ended(kind, outcome),
              "kind",
              lower(kind),
              "outcome",
              lower(outcome));
        }
        sheet.histogram(
            "paxoskv_request_duration_seconds",
            "From a command's being admitted to its result",
            meter.durations(kind),
            NANOS,
            "kind",
            lower(kind));
      }
    }
    sheet.histogram(
        "paxoskv_batch_commands",
        "Commands of own clients that share an instance",
        meter.batchCommands(),
        1);
    sheet.histogram(
        "paxoskv_batch_bytes", "Size of those commands together", meter.batchBytes(), 1);
  }

  private void clients(Sheet sheet) {
    sheet.gauge(
        "paxoskv_requests_waiting",
        "Commands admitted and not answered",
        inside.service().count());
    sheet.gauge(
        "paxoskv_requests_waiting_bytes",
        "Size of the commands admitted and not answered",
        inside.service().bytes());
    sheet.gauge(
        "paxoskv_client_connections", "Connections of clients", inside.clients().connections());
    sheet.gauge(
        "paxoskv_client_unread_bytes",
        "Answers that clients have not taken",
        inside.clients().unreadBytes());
  }

  private static void log(Sheet sheet, Host host) {
    sheet.gauge("paxoskv_applied", "Highest instance applied to the state", host.applied());
    sheet.gauge("paxoskv_min", "Instances below are forgotten", host.min());
    sheet.gauge("paxoskv_max", "Highest instance known", host.max());
    sheet.gauge("paxoskv_driving", "Instances that this server proposes in", host.driving());
    sheet.gauge(
        "paxoskv_log_retained_bytes",
        "Decided values in memory; the others are in the log only",
        host.retainedBytes());
    sheet.gauge(
        "paxoskv_votes_lost",
        "Instances in which this server abstains, as its disk has lost its vote",
        host.views().peer().votesLost());
  }

  private static void disk(Sheet sheet, NodeDisk disk) {
    sheet.histogram(
        "paxoskv_sync_duration_seconds", "Syncs of the log's files", disk.syncNanos(), NANOS);
    sheet.gauge(
        "paxoskv_disk_busy_seconds",
        "For how long the disk has been at the work it is at",
        disk.busyNanos() / NANOS);
    sheet.gauge(
        "paxoskv_disk_has_room", "Whether the disk takes more of the log", is(disk.hasRoom()));
    sheet.counter(
        "paxoskv_rot_mended", "Files of the log in which rot was found and mended", disk.mended());
  }

  private void leader(Sheet sheet, Host host) {
    PeerView view = host.views().peer();
    sheet.gauge("paxoskv_leader", "Index of the server that leads; -1 if none", host.leader());
    sheet.gauge("paxoskv_leading", "Whether this server leads", is(view.reign().isPresent()));
    sheet.gauge(
        "paxoskv_ballot_round",
        "Highest round of a ballot that this server has seen or used",
        view.highestRound());
    sheet.gauge(
        "paxoskv_promised_round",
        "Round of the ballot promised for all instances",
        view.promised().round());
    sheet.counter(
        "paxoskv_leader_changes",
        "How often another leader was heard of",
        inside.leaderChanges().getAsLong());
  }

  private void peers(Sheet sheet, PaxosNode node) {
    Host host = node.host();
    PeerView view = host.views().peer();
    sheet.counter(
        "paxoskv_messages_sent",
        "Requests and answers to other servers",
        node.network().sent());
    for (int peer = 0; peer < view.doneMarks().size(); peer++) {
      String index = Integer.toString(peer);
      sheet.gauge(
          "paxoskv_peer_done",
          "Up to where a server needs nothing any more",
          view.doneMarks().get(peer),
          "peer",
          index);
      if (peer != host.me()) {
        sheet.gauge(
            "paxoskv_peer_answers",
            "Whether a server has answered within the last moments",
            is(view.answering().has(peer)),
            "peer",
            index);
        sheet.gauge(
            "paxoskv_peer_lag",
            "Instances known here that a server did not know when it said so; -1 if it has not",
            inside.peers().lag(peer, host.max() + 1),
            "peer",
            index);
        sheet.gauge(
            "paxoskv_peer_queue_bytes",
            "Requests that wait to leave for a server",
            node.network().queuedBytes(peer),
            "peer",
            index);
      }
    }
  }

  private void state(Sheet sheet, ServerStatus status) {
    sheet.gauge("paxoskv_keys", "Keys that have a value", inside.machine().get().keys());
    sheet.gauge(
        "paxoskv_sessions",
        "Clients whose writes are remembered",
        inside.machine().get().sessions());
    sheet.gauge(
        "paxoskv_serving",
        "Whether nothing is known to keep this server from serving",
        is(status.getNotServing().isEmpty()));
  }

  private static double is(boolean fact) {
    return fact ? 1 : 0;
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
