package dev.paxoskv.client.cli;

import com.google.protobuf.ByteString;
import dev.paxoskv.client.ClientConfig;
import dev.paxoskv.client.KvClient;
import dev.paxoskv.client.cli.ExplainReport.Row;
import dev.paxoskv.proto.kv.Explain;
import dev.paxoskv.proto.kv.Explanation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kv explain}. */
@Command(
    name = "explain",
    description = {
      "Asks every server of --servers what it knows of one instance of the log: who promised and"
          + " accepted what, who is missing, and what keeps the log from being cut.",
      "SEQ is the number of an instance. Anything else is a KEY, and so is a number behind --key:"
          + " then it is the instance of the newest write to it, if that is recent."
    })
final class ExplainCommand implements Callable<Integer> {
  private final KvCommand kv;

  @Parameters(paramLabel = "SEQ|KEY", description = "Which instance.")
  private String about = "";

  @Option(names = "--key", description = "Takes a number for a key, too.")
  private boolean isKey;

  @Option(names = "--json", description = "Prints one JSON document.")
  private boolean isJson;

  ExplainCommand(KvCommand kv) {
    this.kv = kv;
  }

  @Override
  public Integer call() {
    ClientConfig config = kv.config();
    boolean isSeq = !isKey && about.matches("\\d{1,18}");
    try (KvClient client = KvClient.open(config)) {
      Explain question = isSeq
          ? ofSeq(Long.parseLong(about))
          : Explain.newBuilder().setKey(ByteString.copyFrom(kv.typed(about))).build();
      List<Row> rows = ask(client, config, question);
      if (isSeq) {
        return report(question.getSeq(), rows);
      } else if (rows.stream().allMatch(row -> row.said().isEmpty())) {
        // Nobody has said which instance it is.
        return nobodyAnswers();
      }
      OptionalLong newest = rows.stream()
          .flatMap(row -> row.said().stream())
          .mapToLong(Explanation::getSeq)
          .filter(found -> found >= 0)
          .max();
      return newest.isPresent()
          ? report(newest.getAsLong(), ask(client, config, ofSeq(newest.getAsLong())))
          : kv.complain(
              KvCommand.NOT_FOUND,
              "no server that answers has a recent write to that key in its log");
    }
  }

  private static Explain ofSeq(long seq) {
    return Explain.newBuilder().setSeq(seq).build();
  }

  private static List<Row> ask(KvClient client, ClientConfig config, Explain question) {
    List<CompletableFuture<Explanation>> asked = config.servers().stream()
        .map(server -> client.explain(server, question))
        .toList();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      rows.add(row(config.servers().get(i), asked.get(i)));
    }
    return rows;
  }

  private static Row row(String address, CompletableFuture<Explanation> asked) {
    try {
      return new Row(address, Optional.of(asked.join()), Optional.empty());
    } catch (CompletionException e) {
      String why = Optional.ofNullable(e.getCause()).orElse(e).getMessage();
      return new Row(address, Optional.empty(), Optional.of(String.valueOf(why)));
    }
  }

  private int report(long seq, List<Row> rows) {
    ExplainReport report = new ExplainReport(seq, rows);
    (isJson ? List.of(report.json()) : report.text()).forEach(kv::print);
    return rows.stream().anyMatch(row -> row.said().isPresent()) ? kv.written() : nobodyAnswers();
  }

  private int nobodyAnswers() {
    return kv.complain(
        KvCommand.NOT_APPLIED, "not applied: no server answers; start them or name others");
  }
}
