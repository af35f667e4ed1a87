package io.github.moeanat.cli;

import io.github.moeanat.experiment.FrontMember;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.moeaframework.util.format.Column;
import org.moeaframework.util.format.TableFormat;
import org.moeaframework.util.format.TabularData;

/**
 * The subnets of a front for people: accuracies in percent, costs in millions.
 *
 * @param front the subnets, in the order of {@code front.csv}
 */
record FrontTable(List<FrontMember> front) {

  List<String> lines() {
    TabularData<Integer> table =
        new TabularData<>(IntStream.range(0, front.size()).boxed().toList());
    table.addColumn(new Column<>("Subnet", i -> String.valueOf(i + 1)));
    table.addColumn(
        new Column<>(
            "Predicted %",
            i ->
                front.get(i).predictedAccuracy().isPresent()
                    ? percent(front.get(i).predictedAccuracy().getAsDouble())
                    : "-"));
    table.addColumn(new Column<>("Validation %", i -> percent(front.get(i).validationAccuracy())));
    table.addColumn(new Column<>("Test %", i -> percent(front.get(i).testAccuracy())));
    table.addColumn(new Column<>("M MAdds", i -> millions(front.get(i).cost().madds())));
    table.addColumn(new Column<>("M parameters", i -> millions(front.get(i).cost().params())));
    if (front.stream().allMatch(member -> member.cost().latency().isPresent())) {
      table.addColumn(
          new Column<>("Table ms", i -> milliseconds(front.get(i).cost().latency().getAsDouble())));
    }
    if (front.stream().allMatch(member -> member.measuredLatency().isPresent())) {
      table.addColumn(
          new Column<>(
              "Measured ms",
              i -> milliseconds(front.get(i).measuredLatency().orElseThrow().median())));
    }
    table.addColumn(
        new Column<>("Resolution", i -> String.valueOf(front.get(i).architecture().resolution())));
    if (front.stream().map(member -> member.architecture().width()).distinct().count() > 1) {
      table.addColumn(
          new Column<>("Width", i -> String.valueOf(front.get(i).architecture().width())));
    }
    StringWriter text = new StringWriter();
    table.display(TableFormat.Plaintext, new PrintWriter(text));
    return text.toString().lines().map(String::stripTrailing).toList();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f", 100 * share);
  }

  private static String milliseconds(double latency) {
    return String.format(Locale.ROOT, "%.3f", latency);
  }

  private static String millions(long count) {
    return String.format(Locale.ROOT, "%.3f", count / 1e6);
  }
}
