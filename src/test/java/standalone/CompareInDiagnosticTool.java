package standalone;

import io.github.moeanat.cli.Nat;
import java.awt.Component;
import java.awt.Container;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.Window;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.swing.AbstractButton;
import javax.swing.JComboBox;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JList;
import javax.swing.JMenu;
import javax.swing.JSpinner;
import javax.swing.JTable;
import javax.swing.JTextField;
import javax.swing.SwingUtilities;
import javax.swing.text.JTextComponent;

/** Compares algorithms in the framework's diagnostic tool as a user does: with its window. */
public final class CompareInDiagnosticTool {

  private static final int START_SECONDS = 60;
  private static final int RUN_SECONDS = 3600;
  private static final Rectangle WINDOW = new Rectangle(0, 0, 1280, 900);

  private final JFrame frame;

  private CompareInDiagnosticTool(JFrame frame) {
    this.frame = frame;
  }

  /**
   * Prints what the lists hold, the table of results and the statistics of the first problem, takes
   * a picture, and closes the window.
   *
   * @param arguments algorithms and problems, each joined by commas, seeds, evaluations, the
   *     metrics to be plotted, joined by commas, and the picture's file
   */
  public static void main(String[] arguments) throws Exception {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, error) -> {
          error.printStackTrace();
          System.exit(1);
        });
    long start = System.nanoTime();
    Nat.main(new String[] {"diagnostics"});
    // The framework's command lines set one that only prints.
    Thread.currentThread().setUncaughtExceptionHandler(null);
    await("the window", START_SECONDS, () -> window(JFrame.class) != null);
    CompareInDiagnosticTool tool = new CompareInDiagnosticTool((JFrame) window(JFrame.class));
    System.out.printf("opened after %.1f s%n", (System.nanoTime() - start) / 1e9);
    tool.compare(
        arguments[0].split(","),
        arguments[1].split(","),
        Integer.parseInt(arguments[2]),
        Integer.parseInt(arguments[3]));
    tool.plot(arguments[4].split(","));
    tool.takePicture(new File(arguments[5]));
    tool.printStatistics(arguments[1].split(",")[0]);
    onWindows(
        () -> {
          tool.frame.dispose();
          return null;
        });
  }

  private void compare(String[] algorithms, String[] problems, int seeds, int evaluations)
      throws Exception {
    onWindows(
        () -> {
          frame.setBounds(WINDOW);
          print("algorithms", part(JComboBox.class, 0));
          print("problems", part(JComboBox.class, 1));
          part(JSpinner.class, 0).setValue(seeds);
          part(JSpinner.class, 1).setValue(evaluations);
          return null;
        });
    int results = 0;
    for (String problem : problems) {
      for (String algorithm : algorithms) {
        onWindows(
            () -> {
              type(part(JComboBox.class, 0), algorithm);
              type(part(JComboBox.class, 1), problem);
              button("Run").doClick();
              return null;
            });
        int expected = ++results;
        await(
            algorithm + " on " + problem,
            RUN_SECONDS,
            () -> {
              refuseMessages();
              return button("Run").isEnabled() && part(JTable.class, 0).getRowCount() == expected;
            });
      }
    }
    onWindows(
        () -> {
          JTable table = part(JTable.class, 0);
          for (int row = 0; row < table.getRowCount(); row++) {
            System.out.printf(
                "result: %s %s %s%n",
                table.getValueAt(row, 0), table.getValueAt(row, 1), table.getValueAt(row, 2));
          }
          return null;
        });
  }

  /** Plots metrics of all results, seed by seed: quantiles would be those of 500 evaluations. */
  private void plot(String[] metrics) throws Exception {
    onWindows(
        () -> {
          item("Show Individual Traces").doClick();
          button("Select All").doClick();
          JList<?> list = part(JList.class, 0);
          list.setSelectedIndices(
              IntStream.range(0, list.getModel().getSize())
                  .filter(i -> List.of(metrics).contains(list.getModel().getElementAt(i)))
                  .toArray());
          return null;
        });
  }

  private void takePicture(File file) throws Exception {
    // Charts draw themselves some events later.
    Robot robot = new Robot();
    robot.setAutoDelay(500);
    robot.waitForIdle();
    robot.delay(1000);
    ImageIO.write(robot.createScreenCapture(frame.getBounds()), "png", file);
  }

  private void printStatistics(String problem) throws Exception {
    onWindows(
        () -> {
          JTable table = part(JTable.class, 0);
          table.clearSelection();
          for (int row = 0; row < table.getRowCount(); row++) {
            if (table.getValueAt(row, 1).equals(problem)) {
              table.addRowSelectionInterval(row, row);
            }
          }
          return null;
        });
    // Enabled some events later.
    await("statistics of one problem", START_SECONDS, button("Show Statistics")::isEnabled);
    SwingUtilities.invokeLater(button("Show Statistics")::doClick);
    await("the statistics", START_SECONDS, () -> statistics() != null);
    onWindows(
        () -> {
          System.out.println(statistics().getText());
          SwingUtilities.getWindowAncestor(statistics()).dispose();
          return null;
        });
  }

  /** Fails if the tool shows a message, which it does if a run has failed. */
  private void refuseMessages() {
    for (Window window : Window.getWindows()) {
      if (window != frame && window.isShowing()) {
        List<String> texts = parts(window, JLabel.class).stream().map(JLabel::getText).toList();
        throw new IllegalStateException("the tool says " + texts);
      }
    }
  }

  private JTextComponent statistics() {
    for (Window window : Window.getWindows()) {
      if (window != frame && window.isShowing()) {
        for (JTextComponent text : parts(window, JTextComponent.class)) {
          return text;
        }
      }
    }
    return null;
  }

  private static void print(String title, JComboBox<?> box) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < box.getItemCount(); i++) {
      names.add(String.valueOf(box.getItemAt(i)));
    }
    System.out.println(title + ": " + String.join(",", names));
  }

  private static void type(JComboBox<?> box, String text) {
    JTextField field = (JTextField) box.getEditor().getEditorComponent();
    field.setText(text);
    field.postActionEvent();
  }

  private AbstractButton button(String text) {
    return parts(frame.getContentPane(), AbstractButton.class).stream()
        .filter(button -> text.equals(button.getText()))
        .findFirst()
        .orElseThrow();
  }

  private AbstractButton item(String text) {
    return parts(frame.getJMenuBar(), AbstractButton.class).stream()
        .filter(item -> text.equals(item.getText()))
        .findFirst()
        .orElseThrow();
  }

  private <T> T part(Class<T> type, int index) {
    return parts(frame.getContentPane(), type).get(index);
  }

  /** Returns the parts of a container in the order in which they were added to it. */
  private static <T> List<T> parts(Container container, Class<T> type) {
    List<T> parts = new ArrayList<>();
    Component[] inner =
        container instanceof JMenu menu ? menu.getMenuComponents() : container.getComponents();
    for (Component part : inner) {
      if (type.isInstance(part)) {
        parts.add(type.cast(part));
      }
      if (part instanceof Container nested) {
        parts.addAll(parts(nested, type));
      }
    }
    return parts;
  }

  private static Window window(Class<?> type) {
    for (Window window : Window.getWindows()) {
      if (type.isInstance(window) && window.isShowing()) {
        return window;
      }
    }
    return null;
  }

  private static void await(String what, int seconds, Callable<Boolean> condition)
      throws Exception {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (!onWindows(condition)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("no " + what + " after " + seconds + " s");
      }
      Thread.sleep(100);
    }
  }

  private static <T> T onWindows(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    SwingUtilities.invokeAndWait(task);
    return task.get();
  }
}
