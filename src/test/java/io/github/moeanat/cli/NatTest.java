package io.github.moeanat.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.testing.Photos;
import io.github.moeanat.testing.Shared;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NatTest {

  /** What a command printed and returned. */
  record Outcome(int code, String out, String err) {}

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "serch tiny | unknown command 'serch'; did you mean search or bench?",
        "search | missing PROBLEM",
        "search tiny more | unexpected argument 'more'",
        "search tinny | no problem 'tinny'; did you mean tiny",
        "search tiny --algorithm NAT-quik | no algorithm 'NAT-quik'; did you mean NAT-quick",
        "search tiny --sede 3 | unknown option '--sede'; did you mean --seed?",
        "search tiny --seed x | --seed is 'x', expected a whole number",
        "search tiny --threads 0 | --threads is '0', expected a whole number from 1 to 1024",
        "search tiny --device gpu:7 | device is gpu:7",
        "search tiny --device tpu | device is",
        "search tiny -X operator=nat.ux+nat.pn | -X: operator is 'nat.ux+nat.pn', expected a value such as nat.ux+nat.pm: no operator 'nat.pn'; did you mean nat.pm",
        "search tiny -X archivSize=3 | -X: unknown key 'archivSize'; did you mean archiveSize",
        "search tiny -X archiveSize=1 | -X: archiveSize is '1'",
        "search tiny -X archiveSize=many | -X: archiveSize is 'many', expected a whole number such as 300",
        "search tiny -X archiveSize=2.5 | -X: archiveSize is '2.5', expected a whole number",
        "search tiny -X cutAfterMeasuring=maybe | -X: cutAfterMeasuring is 'maybe', expected true or",
        "search tiny -X problem=foo | -X: unknown key 'problem'",
        "search tiny --seed | --seed needs a value: N",
        "search tiny -X nat.pm.rate=1.5 | -X: nat.pm.rate is '1.5'",
        "search tiny -X surrogate=rfb | -X: surrogate is 'rfb'",
        "search tiny -X search=best | -X: search is 'best'",
        "search tiny -X resolutions=8,8 | -X: resolutions is '8,8', expected",
        "search tiny -X resolutions=eight | -X: resolutions is 'eight', expected",
        "search tiny -X objectives=error,flops | -X: objectives is 'error,flops', expected",
        "search tiny -X constraints=madds<2e6 | -X: constraints is 'madds<2e6', expected",
        "search tiny -X stem.stride=3 | -X: stem.stride is '3', expected a whole number from 1 to 2",
        "search tiny -X strides=1,2,2,1 | -X: strides is '1,2,2,1', expected a comma-separated list of five strides, one for each stage, 1 or 2",
        "search tiny -X strides=1,2,3,1,2 | -X: strides is '1,2,3,1,2', expected a comma-separated list of five strides, one for each stage, 1 or 2",
        "search tiny -X strides=wide | -X: strides is 'wide', expected a comma-separated list of five strides, one for each stage, 1 or 2",
        "search tiny -X referencePoint.error=0 | -X: referencePoint.error is '0', expected a number",
        "search tiny -X training.batch=1e2 | -X: training.batch is '1e2', expected a whole number",
        "search tiny -X training.batch=3 | -X: training.batch is '3', expected at least two images",
        "search tiny -X evaluation.recalibrationImages=41 | -X: evaluation.recalibrationImages is",
        "search tiny -X adaptation.learningRate=0 | -X: adaptation.learningRate is '0', expected",
        "search tiny -X width=0.5,0.25 | -X: width is '0.5,0.25', expected 0.05 to 4.0, ascending",
        "search tiny -X width=0.25,5 | -X: width is '0.25,5', expected 0.05 to 4.0, ascending",
        "search tiny -X width=wide | -X: width is 'wide', expected a comma-separated list of numbers",
        "search family -X supernet.weights=a | -X: supernet.weights is 'a', expected 2 files",
        "search tiny -X data=mnist | -X: data is 'mnist', expected one of aircraft",
        "search tiny -X constraints=madds<=1,madds<=2 | -X: constraints is",
        "search tiny -X nonsense | -X is 'nonsense', expected key=value",
        "search tiny --quiet --verbose | --quiet and --verbose exclude each other",
        "search tiny --resume --overwrite | --resume and --overwrite exclude each other",
        "search tiny --resume | --resume needs --output DIR",
        "search tiny --resume --output x -X width=1 | -X: a run keeps the keys that it began with",
        "search tiny --resume --output x --data y | folder x holds no run to resume",
        "search tiny -X warmUp.steps=2 | -X: warmUp.steps is '2', expected at least warmUp.largestSteps, which is 5",
        "search tiny -X warmUp.largestSteps=31 | -X: warmUp.largestSteps is '31', expected at most warmUp.steps, which is 30",
        "search cifar10 | cifar10: no folder is given; --data DIR, or data.path, names the unpacked",
        "search cifar10 --data nosuch | cifar10: there is no folder",
        "search digits --data nosuch | digits: they come with the program",
        "search --data nosuch | folder: there is no folder",
        "search cifar10 -X data.validation=2.5 | -X: data.validation is '2.5', expected official, a",
        "search tiny -X image.mean=1,2 | -X: image.mean is '1,2', expected one number or three",
        "search tiny --resume --output x --seed 3 | --resume goes on as the run began",
        "evaluate tiny | missing --subnet FILE",
        "evaluate tiny --subnet nosuch.json | can't read nosuch.json: the file is missing",
        "evaluate tiny --subnet x.json -X archiveSize=30 | -X: unknown key 'archiveSize'",
        "list things | no kind of thing 'things'; expected one of algorithms, metrics, operators,",
        "search tiny -X objectives=error,latency | problems/tiny.properties: key 'latency.table' is",
        "search tiny -X constraints=latency<=3 | problems/tiny.properties: key 'latency.table' is",
        "search tiny -X latency.table=nosuch.yaml | -X: latency.table: can't read latency table nosuch.yaml: the file",
        "measure tiny | expected either --subnet FILE... or --run DIR",
        "measure tiny --run nosuch --subnet x | expected either --subnet FILE... or --run DIR",
        "measure tiny --run nosuch | folder nosuch holds no run: run.properties is missing",
        "measure tiny --run nosuch -X classes=3 | -X: a run keeps the keys that it began with",
        "measure tiny --run nosuch --weights x | --run takes problem and weights from the run",
        "measure folder --subnet x | folder: the number of classes is not known; --data DIR names",
        "measure folder --data nosuch --subnet x | folder: there is no folder",
        "latency-table folder | folder: the number of classes is not known; --data DIR names a",
        "latency-table tiny --data nosuch | digits: they come with the program",
        "list problems -X a=b | unknown option '-X'",
        "measure tiny --subnet nosuch.json | can't read nosuch.json: the file is missing",
        "measure tiny --subnet x --repeats 5 | --repeats is '5', expected a whole number from 6",
        "measure tiny --subnet x --batch 0 | --batch is '0', expected a whole number from 1 to 1024",
        "latency-table tiny --output nosuch/t.yaml | can't write nosuch/t.yaml: folder",
        "latency-table tiny --output pom.xml | pom.xml is there already: use --overwrite",
        "pretrain | missing PROBLEM",
        "pretrain tinny | no problem 'tinny'; did you mean tiny",
        "pretrain tiny --recipe tiny | no recipe 'tiny'; expected one of one-stage, progressive-shrinking, tiny-phases",
        "pretrain tiny -X bathc=3 | -X: unknown key 'bathc'; did you mean batch",
        "pretrain tiny -X data.validaton=0.2 | -X: unknown key 'data.validaton'; did you mean data.validation",
        "pretrain tiny -X phase.all.epochs=0.5 | -X: phase.all.epochs is '0.5', expected at least phase.all.warmUpEpochs",
        "pretrain tiny -X epochScale=0 | -X: epochScale is '0', expected a number from",
        "pretrain tiny -X training.batch=3 | -X: training.batch is a search's; a pretraining has",
        "pretrain tiny -X depths=2 | -X: depths is a search's; a pretraining has the whole space",
        "pretrain tiny -X warmUp.steps=3 | -X: warmUp.steps is a search's",
        "pretrain tiny -X width=0.25,0.5 | NAT-tiny has supernets of widths [0.25, 0.5]; -X width=0.25",
        "pretrain tiny --recipe tiny-phases -X batch=3 | -X: batch is '3', expected at least two images",
        "pretrain cifar100-small | cifar100: no folder is given; --data DIR, or data.path, names",
        "pretrain tiny --resume | --resume needs --output DIR",
        "pretrain tiny --resume --output x --recipe y | --resume goes on as the run began; it takes no",
        "pretrain tiny --resume --output nosuch | folder nosuch holds no run to resume",
        "search tiny --algorithm one-stage | no algorithm 'one-stage'",
        "bench measurng | no section 'measurng'; did you mean measuring?",
        "bench --case w1.0 | no case 'w1.0'; expected one of cifar10, cifar100-small, digits, w1.0-128, w1.0-224",
        "bench training workers --case w1.0-224 | section training has no case w1.0-224; it has digits",
        "bench --repeats 0 | --repeats is '0', expected a whole number from 1 to 1000",
        "bench --images 0 | --images is '0', expected a whole number from 1 to 1000000",
        "bench --measurements 3 | --measurements is '3', expected a whole number from 4",
        "bench ready --run nosuch | --run is for the section sharing",
        "bench sharing --run nosuch | no folder nosuch",
        "bench -X classes=3 | unknown option '-X'",
        "help serch | unknown command 'serch'; did you mean search or bench?"
      })
  void wrongInputIsNamedInOneLine(String command, String message) {
    Outcome outcome = run(command.split(" "));
    assertEquals(2, outcome.code(), outcome.err());
    assertTrue(outcome.err().startsWith("error: " + message), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    assertEquals("", outcome.out());
  }

  @Test
  void imagesOfOnesOwnAreSearchedInOneCommandAndResumedFromAnywhere() throws IOException {
    Path images = folder.resolve("images");
    int[] colours = {0xc04040, 0x40c040, 0x4040c0};
    for (int i = 0; i < 60; i++) {
      Path file = images.resolve("class%d/%d.png".formatted(i % 3, i));
      Photos.write(Photos.image(20, 16, colours[i % 3], i), file);
    }
    Files.writeString(images.resolve("class0/0.png"), "damaged");
    Path run = folder.resolve("own");
    String settings =
        "resolutions=8,16;stem.stride=1;warmUp.steps=4;warmUp.largestSteps=1;training.batch=16;"
            + "evaluation.recalibrationImages=20;evaluation.recalibrationBatch=10;"
            + "data.maxCorrupt=0.05;adaptation.steps=1;augment.randAugment=2;augment.cutMix=0.5;"
            + "initialArchiveSize=4;archiveSize=4;newMembers=1;iterations=1;populationSize=4;"
            + "generations=2";
    Outcome outcome =
        run(
            "search",
            "--data",
            images.toString(),
            "--seed",
            "1",
            "--output",
            run.toString(),
            "-X",
            settings);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("warning: 1 of 60 images in " + images), outcome.err());
    assertEquals(
        1, outcome.err().lines().filter(line -> line.startsWith("warning")).count(), outcome.err());
    String properties = Files.readString(run.resolve("run.properties"));
    assertTrue(properties.contains("problem.data.path = " + images), properties);
    assertTrue(properties.contains("problem.classes = 3"), properties);
    assertTrue(properties.contains("sha256.data = "), properties);
    String summary =
        "3 classes (class0, class1, class2); 41 training, 7 validation and 11 test images";
    assertTrue(outcome.err().contains("\n" + summary + "\n"), outcome.err());
    assertEquals(summary, properties(run).getProperty("images"));
    String front = Files.readString(run.resolve("front.csv"));
    Outcome again = run("search", "folder", "--output", run.toString(), "--resume");
    assertEquals(0, again.code(), again.err());
    assertEquals(front, Files.readString(run.resolve("front.csv")));
    Photos.write(Photos.image(20, 16, 0x101010, 99), images.resolve("class1/1.png"));
    Outcome changed = run("search", "folder", "--output", run.toString(), "--resume");
    assertEquals(2, changed.code(), changed.err());
    assertTrue(changed.err().contains("the run began with other images"), changed.err());
  }

  @Test
  void aPretrainingWithoutRandomSubnetsEndsInJsonToo() throws IOException {
    Outcome outcome =
        run(
            "pretrain",
            "tiny",
            "--recipe",
            "tiny-phases",
            "--json",
            "--output",
            folder.resolve("few").toString(),
            "-X",
            "reportSubnets=0;epochScale=0.1");
    assertEquals(0, outcome.code(), outcome.err());
    JsonObject json = JsonParser.parseString(outcome.out()).getAsJsonObject();
    assertFalse(json.has("rank_correlation"));
    assertEquals(3, json.getAsJsonArray("subnets").size());
  }

  @Test
  void aSupernetIsPretrainedAndASearchStartsFromIt() throws IOException {
    Path run = folder.resolve("pretrained");
    String[] command = {
      "pretrain", "tiny", "--recipe", "tiny-phases", "--seed", "1", "--output", run.toString()
    };
    Outcome outcome = run(command);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().startsWith("36 steps in "), outcome.out());
    assertTrue(outcome.out().contains("over 4 random subnets: "), outcome.out());
    assertEquals(
        5, outcome.err().lines().filter(line -> line.contains("% right:")).count(), outcome.err());
    Outcome twice = run(command);
    assertEquals(2, twice.code());
    assertTrue(twice.err().contains("holds a run: use --resume to go on"), twice.err());
    Outcome searched = run("search", "tiny", "--resume", "--output", run.toString());
    assertEquals(2, searched.code());
    assertTrue(searched.err().contains("algorithm is 'pretraining'"), searched.err());
    Outcome again = run("pretrain", "tiny", "--resume", "--json", "--output", run.toString());
    assertEquals(0, again.code(), again.err());
    JsonObject json = JsonParser.parseString(again.out()).getAsJsonObject();
    assertEquals(36, json.get("steps").getAsInt());
    assertEquals(7, json.getAsJsonArray("subnets").size());
    Outcome exported = run("export", run.toString(), "--subnet", "1", "--format", "json");
    assertEquals(2, exported.code());
    assertTrue(exported.err().contains("holds a pretraining, not a search"), exported.err());
    // As before its first epoch.
    Files.delete(run.resolve("curves.csv"));
    exported = run("export", run.toString(), "--subnet", "1", "--format", "json");
    assertTrue(exported.err().contains("holds a pretraining, not a search"), exported.err());
    Files.delete(run.resolve("checkpoint"));
    Outcome anew = run(command);
    assertEquals(2, anew.code());
    assertTrue(anew.err().contains("holds a run"), anew.err());
    Outcome gone = run("pretrain", "tiny", "--resume", "--output", run.toString());
    assertEquals(2, gone.code());
    assertTrue(gone.err().contains("can't be resumed: checkpoint is missing"), gone.err());
    assertTrue(Files.exists(run.resolve("phase-all.safetensors")));
    Outcome search =
        run(
            "search",
            "tiny",
            "--seed",
            "1",
            "--output",
            folder.resolve("from").toString(),
            "-X",
            "supernet.weights=" + run.resolve("supernet.safetensors"));
    assertEquals(0, search.code(), search.err());
    assertFalse(search.err().contains("warming up"), search.err());
  }

  @Test
  @Tag("slow")
  void cifar10IsSearchedAsItIsDistributed() throws IOException {
    Path run = folder.resolve("cifar");
    String settings =
        "resolutions=16,20;warmUp.steps=40;warmUp.largestSteps=10;evaluation.recalibrationImages=200;"
            + "initialArchiveSize=4;archiveSize=6;newMembers=2;iterations=1;adaptation.steps=3";
    String data = Shared.path("data/cifar-10-subset").toString();
    Outcome outcome =
        run("search", "cifar10", "--data", data, "--output", run.toString(), "-X", settings);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("adapting the supernet to 10 classes: "), outcome.err());
    assertTrue(outcome.err().contains("iteration 1  measured"), outcome.err());
    assertTrue(Files.readAllLines(run.resolve("front.csv")).size() > 1);
    assertTrue(Files.exists(run.resolve("front.png")));
    assertTrue(Files.exists(run.resolve("subnets/01.json")));
  }

  @Test
  void aSearchLeavesAllItsFilesAndSaysWhatItFound() throws IOException {
    Path run = folder.resolve("run");
    Outcome outcome = run("search", "tiny", "--seed", "4", "--output", run.toString(), "--json");
    assertEquals(0, outcome.code(), outcome.err());
    for (int iteration = 0; iteration <= 5; iteration++) {
      assertTrue(outcome.err().contains("iteration " + iteration + "  measured"), outcome.err());
    }
    JsonObject summary = JsonParser.parseString(outcome.out()).getAsJsonObject();
    assertEquals("[1.0,1.0]", summary.get("reference_point").toString());
    JsonArray front = summary.getAsJsonArray("front");
    List<String> csv = Files.readAllLines(run.resolve("front.csv"));
    assertEquals(front.size() + 1, csv.size());
    assertTrue(
        csv.get(0)
            .startsWith(
                "validation_accuracy,test_accuracy,madds,params,objective_error,objective_madds,"
                    + "r,w,l1,"));
    assertTrue(csv.get(0).endsWith(",l20,predicted_accuracy"));
    for (int i = 0; i < front.size(); i++) {
      String[] cells = csv.get(i + 1).split(",", -1);
      JsonObject member = front.get(i).getAsJsonObject();
      assertEquals(7 + 22, cells.length);
      assertEquals(
          member.get("predicted_accuracy").toString(), cells[28].isEmpty() ? "null" : cells[28]);
      assertEquals(member.get("validation_accuracy").getAsDouble(), Double.parseDouble(cells[0]));
      assertEquals(
          1 - Double.parseDouble(cells[4]),
          Double.parseDouble(cells[0]),
          1e-12,
          "measured again with the adapted weights, a member is what the search saw");
      Path subnet = run.resolve("subnets/%02d.json".formatted(i + 1));
      Outcome again =
          run(
              "evaluate",
              "NAT-tiny",
              "--json",
              "--subnet",
              subnet.toString(),
              "--weights",
              run.resolve("supernet.safetensors").toString());
      JsonObject measured = JsonParser.parseString(again.out()).getAsJsonObject();
      for (String key : measured.keySet()) {
        assertEquals(member.get(key), measured.get(key), key);
      }
    }
    for (String name :
        new String[] {
          "archive.csv",
          "initial-archive.csv",
          "history.csv",
          "result.dat",
          "front.png",
          "progress.png",
          "run.properties",
          "supernet.safetensors",
          "checkpoint"
        }) {
      assertTrue(Files.size(run.resolve(name)) > 0, name);
    }
    String properties = Files.readString(run.resolve("run.properties"));
    assertTrue(properties.contains("seed = 4"));
    assertTrue(properties.contains("version.moeaframework = 5.0"), properties);
  }

  @Test
  void oneSeedIsOneResultWhateverTheThreads() throws IOException {
    Map<String, String> first = search("a", "--threads", "2");
    assertEquals(first, search("b", "--threads", "2"));
    assertEquals(first, search("c", "--threads", "1"));
    assertFalse(first.equals(search("d", "--threads", "2", "-X", "archiveSize=11")));
  }

  @Test
  void aSearchOnTwoSupernetsLeavesBothAndIsRepeatedFromThem() throws IOException {
    Path run = folder.resolve("run");
    Outcome outcome = run("search", "family", "--seed", "4", "--output", run.toString(), "--json");
    assertEquals(0, outcome.code(), outcome.err());
    assertFalse(Files.exists(run.resolve("supernet.safetensors")));
    List<Path> supernets =
        List.of(
            run.resolve("supernet-w0.25.safetensors"), run.resolve("supernet-w0.5.safetensors"));
    Properties stored = properties(run);
    for (String key : new String[] {"startWeights.w0.25", "adaptedWeights.w0.5"}) {
      assertEquals(64, stored.getProperty("sha256." + key, key).length());
    }
    for (int i = 0; i < 2; i++) {
      assertEquals(
          stored.getProperty("sha256.adaptedWeights.w" + (i == 0 ? "0.25" : "0.5")),
          Safetensors.read(supernets.get(i)).hash());
    }
    assertEquals(Set.of("0", "1"), widthGenes(run.resolve("initial-archive.csv")));
    JsonArray front =
        JsonParser.parseString(outcome.out()).getAsJsonObject().getAsJsonArray("front");
    Path here = Path.of("").toAbsolutePath();
    String weights =
        supernets.stream()
            .map(file -> here.relativize(file.toAbsolutePath()).toString())
            .collect(Collectors.joining(","));
    for (int i = 0; i < front.size(); i++) {
      Path subnet = run.resolve("subnets/%02d.json".formatted(i + 1));
      JsonObject member = front.get(i).getAsJsonObject();
      assertEquals(
          member.getAsJsonArray("genes").get(1).getAsInt() == 0 ? 0.25 : 0.5,
          JsonParser.parseString(Files.readString(subnet))
              .getAsJsonObject()
              .get("w")
              .getAsDouble());
      String[] command = {
        "evaluate", "family", "--json", "--subnet", subnet.toString(), "--weights", weights
      };
      JsonObject measured = JsonParser.parseString(run(command).out()).getAsJsonObject();
      for (String key : measured.keySet()) {
        assertEquals(member.get(key), measured.get(key), key);
      }
    }
    Map<String, String> results = results(run);
    Files.delete(supernets.get(1));
    assertEquals(
        0, run("search", "family", "--quiet", "--resume", "--output", run.toString()).code());
    assertEquals(results, results(run));
    Path second = folder.resolve("second");
    Outcome onward =
        run(
            "search",
            "family",
            "--quiet",
            "--seed",
            "4",
            "--output",
            second.toString(),
            "-X",
            "iterations=1;supernet.weights=" + weights);
    assertEquals(0, onward.code(), onward.err());
    assertEquals(
        widthGenes(second.resolve("front.csv")).size() > 1,
        onward.out().contains("Width"),
        onward.out());
    assertEquals(
        supernets.get(0).toAbsolutePath() + "," + supernets.get(1).toAbsolutePath(),
        properties(second).getProperty("problem.supernet.weights"));
    assertEquals(
        stored.getProperty("sha256.adaptedWeights.w0.5"),
        properties(second).getProperty("sha256.startWeights.w0.5"));
  }

  private static Set<String> widthGenes(Path table) throws IOException {
    List<String> rows = Files.readAllLines(table);
    int column = List.of(rows.get(0).split(",")).indexOf("w");
    return rows.stream().skip(1).map(row -> row.split(",")[column]).collect(Collectors.toSet());
  }

  private static Properties properties(Path run) throws IOException {
    Properties stored = new Properties();
    try (Reader reader = Files.newBufferedReader(run.resolve("run.properties"))) {
      stored.load(reader);
    }
    return stored;
  }

  private Map<String, String> search(String name, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("search", "tiny", "--quiet", "--seed", "9", "--output"));
    arguments.add(folder.resolve(name).toString());
    arguments.addAll(List.of(more));
    Outcome outcome = run(arguments.toArray(new String[0]));
    assertEquals(0, outcome.code(), outcome.err());
    return results(folder.resolve(name));
  }

  /** The files of a run that must not differ between equal runs. */
  static Map<String, String> results(Path run) throws IOException {
    Map<String, String> results = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = run.relativize(file).toString();
        if (name.endsWith(".csv") || name.endsWith(".json") || name.endsWith(".dat")) {
          results.put(name, Files.readString(file));
        } else if (name.endsWith(".safetensors")) {
          results.put(name, Arrays.hashCode(Files.readAllBytes(file)) + "");
        }
      }
    }
    assertTrue(results.size() > 5, results.keySet().toString());
    return results;
  }

  @Test
  void aFolderThatHoldsARunIsNotOverwrittenUnasked() throws IOException {
    Path run = folder.resolve("run");
    String[] command = {
      "search", "tiny", "--seed", "4", "--quiet", "--output", run.toString(), "-X", "iterations=1"
    };
    assertEquals(0, run(command).code());
    byte[] front = Files.readAllBytes(run.resolve("front.csv"));
    Outcome refused = run(command);
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("--overwrite"), refused.err());
    assertTrue(refused.err().contains("--resume"), refused.err());
    Outcome other = run("search", "digits", "--resume", "--output", run.toString());
    assertTrue(other.err().contains("holds a run of tiny"), other.err());
    Outcome resumed = run("search", "--resume", "--quiet", "--output", run.toString());
    assertEquals(0, resumed.code(), resumed.err());
    assertEquals(
        new String(front, StandardCharsets.UTF_8), Files.readString(run.resolve("front.csv")));
    List<String> again = new ArrayList<>(List.of(command));
    again.add("--overwrite");
    assertEquals(0, run(again.toArray(new String[0])).code());
  }

  @Test
  void aDamagedCheckpointIsNamedAndLeftAsItIs() throws IOException {
    Path run = folder.resolve("run");
    assertEquals(
        0,
        run(
                "search",
                "tiny",
                "--seed",
                "4",
                "--quiet",
                "--output",
                run.toString(),
                "-X",
                "iterations=1")
            .code());
    byte[] checkpoint = Files.readAllBytes(run.resolve("checkpoint"));
    byte[] damaged = Arrays.copyOf(checkpoint, checkpoint.length - 100);
    Files.write(run.resolve("checkpoint"), damaged);
    Outcome outcome = run("search", "tiny", "--resume", "--output", run.toString());
    assertEquals(2, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("can't resume from " + run.resolve("checkpoint")));
    assertEquals(damaged.length, Files.size(run.resolve("checkpoint")));
  }

  @Test
  void wrongInputFoundLateLeavesTheFolderFree() {
    Path run = folder.resolve("run");
    String[] wrong = {
      "search",
      "tiny",
      "--output",
      run.toString(),
      "--seed",
      "1",
      "-X",
      "supernet.weights=nosuch.safetensors"
    };
    assertEquals(2, run(wrong).code());
    Outcome corrected =
        run(
            "search",
            "tiny",
            "--output",
            run.toString(),
            "--seed",
            "1",
            "--quiet",
            "-X",
            "iterations=1");
    assertEquals(0, corrected.code(), corrected.err());
  }

  @Test
  void aRelativeWeightsFileIsWrittenDownSoThatItIsFoundFromAnywhere() throws IOException {
    Path run = folder.resolve("run");
    String[] first = {
      "search", "tiny", "--seed", "4", "--quiet", "--output", run.toString(), "-X", "iterations=1"
    };
    assertEquals(0, run(first).code());
    Path weights = run.resolve("supernet.safetensors").toAbsolutePath();
    String relative = Path.of("").toAbsolutePath().relativize(weights).toString();
    Path second = folder.resolve("second");
    Outcome outcome =
        run(
            "search",
            "tiny",
            "--quiet",
            "--output",
            second.toString(),
            "-X",
            "iterations=1;supernet.weights=" + relative);
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(weights.toString(), properties(second).getProperty("problem.supernet.weights"));
  }

  @Test
  void aRunWhoseCheckpointIsGoneIsNotStartedAnewByResume() throws IOException {
    Path run = folder.resolve("run");
    assertEquals(
        0,
        run(
                "search",
                "tiny",
                "--seed",
                "4",
                "--quiet",
                "--output",
                run.toString(),
                "-X",
                "iterations=1")
            .code());
    Files.delete(run.resolve("checkpoint"));
    String front = Files.readString(run.resolve("front.csv"));
    Outcome outcome = run("search", "tiny", "--resume", "--output", run.toString());
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains("checkpoint is missing"), outcome.err());
    assertEquals(front, Files.readString(run.resolve("front.csv")));
  }

  @Test
  void aDamagedPlanIsNamed() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Path plan = run.resolve("run.properties");
    Files.write(plan, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
    Outcome outcome = run("search", "tiny", "--resume", "--output", run.toString());
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().startsWith("error: can't read " + plan), outcome.err());
  }

  @Test
  void anOutputFolderThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    Outcome outcome = run("search", "tiny", "--output", file.resolve("run").toString());
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains(file.toString()), outcome.err());
    Path foreign = Files.createDirectory(folder.resolve("foreign"));
    Files.writeString(foreign.resolve("thesis.tex"), "years of work");
    Outcome refused = run("search", "tiny", "--overwrite", "--output", foreign.toString());
    assertEquals(2, refused.code());
    assertTrue(Files.exists(foreign.resolve("thesis.tex")));
  }

  @Test
  void damagedInputFilesAreNamed() throws IOException {
    Path subnet = Files.writeString(folder.resolve("subnet.json"), "{\"ks\": [3, 3");
    Outcome json = run("evaluate", "tiny", "--subnet", subnet.toString());
    assertEquals(2, json.code());
    assertTrue(json.err().startsWith("error: " + subnet), json.err());
    Files.writeString(
        subnet,
        "{\"ks\":[3,3,3,3,3,3,3,3,3,3],\"e\":[3,3,3,3,3,3,3,3,3,3],\"d\":[2,2,2,2,2],"
            + "\"r\":8,\"w\":0.25}");
    Path weights =
        Files.write(folder.resolve("w.safetensors"), new byte[] {9, 9, 9, 9, 9, 9, 9, 9, 9});
    Outcome damaged =
        run("evaluate", "tiny", "--subnet", subnet.toString(), "--weights", weights.toString());
    assertEquals(2, damaged.code());
    assertTrue(damaged.err().startsWith("error: " + weights + " is damaged"), damaged.err());
    Outcome missing =
        run("evaluate", "tiny", "--subnet", subnet.toString(), "--weights", "nosuch.safetensors");
    assertEquals(2, missing.code());
    assertTrue(missing.err().contains("no weights file nosuch.safetensors"), missing.err());
  }

  @Test
  void aTableOfThisMachineIsMadeSearchedWithAndTheFrontIsMeasuredAgain() throws IOException {
    String table = folder.resolve("table.yaml").toString();
    Outcome made =
        run("latency-table", "tiny", "--output", table, "--repeats", "6", "--warm-up", "1");
    assertEquals(0, made.code(), made.err());
    assertTrue(Files.readString(Path.of(table)).startsWith("# Latency of the blocks"));
    Path run = folder.resolve("run");
    Outcome searched =
        run(
            "search",
            "tiny",
            "--quiet",
            "--seed",
            "4",
            "--output",
            run.toString(),
            "--json",
            "-X",
            "objectives=error,latency,activation-memory;constraints=madds-published<=1M;"
                + "iterations=1;latency.table="
                + table);
    assertEquals(0, searched.code(), searched.err());
    List<String> front = Files.readAllLines(run.resolve("front.csv"));
    assertTrue(
        front
            .get(0)
            .startsWith(
                "validation_accuracy,test_accuracy,madds,madds_published,params,activation_memory,"
                    + "latency_ms,objective_error,objective_latency,objective_activation-memory,r,"),
        front.get(0));
    JsonObject member =
        JsonParser.parseString(searched.out())
            .getAsJsonObject()
            .getAsJsonArray("front")
            .get(0)
            .getAsJsonObject();
    assertTrue(member.get("latency_ms").getAsDouble() > 0);
    assertTrue(
        Files.readString(run.resolve("run.properties")).contains("\nsha256.latencyTable = "));
    assertTrue(member.get("madds_nat").getAsLong() > member.get("madds").getAsLong());

    Outcome measured =
        run(
            "measure",
            "tiny",
            "--run",
            run.toString(),
            "--repeats",
            "7",
            "--warm-up",
            "1",
            "--batch",
            "2",
            "--json");
    assertEquals(0, measured.code(), measured.err());
    JsonObject report = JsonParser.parseString(measured.out()).getAsJsonObject();
    assertEquals(
        report,
        JsonParser.parseString(Files.readString(run.resolve("latency.json"))),
        "what is printed is what is kept");
    assertEquals(2, report.get("batch").getAsInt());
    assertEquals(1, report.get("threads").getAsInt());
    assertEquals(7, report.get("repeats").getAsInt());
    assertTrue(report.getAsJsonObject("machine").get("engine").getAsString().startsWith("PyTorch"));
    JsonArray subnets = report.getAsJsonArray("subnets");
    assertEquals(front.size() - 1, subnets.size());
    List<String> csv = Files.readAllLines(run.resolve("latency.csv"));
    assertEquals(front.size(), csv.size());
    for (int i = 0; i < subnets.size(); i++) {
      JsonObject subnet = subnets.get(i).getAsJsonObject();
      assertTrue(csv.get(i + 1).startsWith(subnet.get("subnet").getAsString() + ","));
      assertTrue(subnet.get("low_ms").getAsDouble() <= subnet.get("median_ms").getAsDouble());
      assertTrue(subnet.get("median_ms").getAsDouble() <= subnet.get("high_ms").getAsDouble());
      assertTrue(subnet.get("table_ms").getAsDouble() > 0);
    }
    aMovedTableIsNamedAnew(run, Path.of(table));
    Outcome other = run("measure", "digits", "--run", run.toString());
    assertEquals(2, other.code());
    assertTrue(other.err().contains("holds a run of tiny"), other.err());
    assertEquals(
        0,
        run(
                "search",
                "tiny",
                "--quiet",
                "--overwrite",
                "--output",
                run.toString(),
                "-X",
                "iterations=1")
            .code());
    assertFalse(Files.exists(run.resolve("latency.csv")), "it told of another front");
  }

  private void aMovedTableIsNamedAnew(Path run, Path table) throws IOException {
    Path moved = Files.move(table, folder.resolve("moved.yaml"));
    Path model = folder.resolve("model.json");
    String[][] commands = {
      {"search", "tiny", "--quiet", "--resume", "--output", run.toString()},
      {"measure", "tiny", "--repeats", "6", "--warm-up", "0", "--run", run.toString()},
      {"export", run.toString(), "--subnet", "1", "--format", "json", "--output", model + ""}
    };
    Path other = folder.resolve("other.yaml");
    Files.writeString(other, Files.readString(moved).replaceFirst("mean: ", "mean: 1"));
    String properties = Files.readString(run.resolve("run.properties"));
    for (String[] command : commands) {
      Outcome lost = run(command);
      assertEquals(2, lost.code(), lost.err());
      assertTrue(lost.err().contains("can't read latency table " + table), lost.err());
      List<String> changed = new ArrayList<>(List.of(command));
      changed.addAll(List.of("-X", "latency.table=" + other));
      Outcome refused = run(changed.toArray(new String[0]));
      assertEquals(2, refused.code(), refused.err());
      assertTrue(refused.err().contains("the run began with another latency"), refused.err());
      assertEquals(properties, Files.readString(run.resolve("run.properties")));
    }
    for (String[] command : commands) {
      List<String> found = new ArrayList<>(List.of(command));
      found.addAll(List.of("-X", "latency.table=" + moved));
      Outcome outcome = run(found.toArray(new String[0]));
      assertEquals(0, outcome.code(), outcome.err());
    }
    assertEquals(
        moved.toAbsolutePath().toString(), properties(run).getProperty("problem.latency.table"));
  }

  @Test
  void aBudgetOfTheFirstSampleIsSaidToSearchNothing() {
    Outcome outcome =
        run(
            "search",
            "tiny",
            "--seed",
            "3",
            "--output",
            folder.resolve("run").toString(),
            "-X",
            "maxEvaluations=12");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(
        outcome
            .err()
            .contains("warning: nothing was searched: the first sample took 8 of 12 measurements"),
        outcome.err());
  }

  @Test
  void latencyOfThisMachineIsSearchedForAndTheSameInEveryRun() throws IOException {
    String settings =
        "objectives=error,measured-latency;constraints=measured-latency<=1k;iterations=1;"
            + "scale.measured-latency=4;measuredLatency.repeats=6;measuredLatency.warmUp=1";
    Path run = folder.resolve("run");
    Map<String, String> first = search("run", "--threads", "2", "-X", settings);
    assertEquals(first, search("again", "--threads", "1", "-X", settings));
    List<String> front = Files.readAllLines(run.resolve("front.csv"));
    assertTrue(
        front
            .get(0)
            .startsWith(
                "validation_accuracy,test_accuracy,madds,params,measured_latency_ms,"
                    + "objective_error,objective_measured-latency,r,"),
        front.get(0));
    assertTrue(
        front.get(0).endsWith(",l20,margin_measured-latency<=1000.0,predicted_accuracy"),
        front.get(0));
    String archive = Files.readString(run.resolve("archive.csv"));
    assertTrue(
        archive.startsWith("validation_accuracy,madds,params,measured_latency_ms,"), archive);
    Properties stored = properties(run);
    assertTrue(
        stored.getProperty("measuredLatency.conditions").contains("6 passes after 1 to warm up"));
    String noted = Files.readString(Path.of(stored.getProperty("measuredLatency.files")));
    for (int i = 1; i < front.size(); i++) {
      String[] cells = front.get(i).split(",", -1);
      assertEquals(Double.parseDouble(cells[4]) / 4, Double.parseDouble(cells[6]));
      assertTrue(noted.contains("," + cells[4] + ","), cells[4]);
      assertTrue(archive.contains("," + cells[4] + ","), cells[4]);
    }
    String history = Files.readString(run.resolve("history.csv"));
    assertTrue(history.contains(",measured-latency_new_rmse,"), history);

    String subnet = run.resolve("subnets/01.json").toString();
    Outcome evaluated = run("evaluate", "tiny", "--json", "--subnet", subnet, "-X", settings);
    assertEquals(2, evaluated.code(), "iterations is no key of a problem");
    String own = settings.replace("iterations=1;", "");
    evaluated = run("evaluate", "tiny", "--json", "--subnet", subnet, "-X", own);
    assertEquals(0, evaluated.code(), evaluated.err());
    assertEquals(
        front.get(1).split(",")[4],
        JsonParser.parseString(evaluated.out())
            .getAsJsonObject()
            .get("measured_latency_ms")
            .toString());

    assertEquals(
        0, run("search", "tiny", "--quiet", "--resume", "--output", run.toString()).code());
    assertEquals(first, results(run));
    Path properties = run.resolve("run.properties");
    Files.writeString(
        properties,
        Files.readString(properties).replace("\\ to\\ warm\\ up", "\\ on\\ another\\ machine"));
    Outcome elsewhere = run("search", "tiny", "--resume", "--output", run.toString());
    assertEquals(2, elsewhere.code(), elsewhere.err());
    assertTrue(
        elsewhere.err().contains("the run's latencies were measured under other conditions: '"),
        elsewhere.err());
  }

  @Test
  void anUnfinishedTableGoesOnAndIsRefusedOtherwise() throws IOException {
    Path table = folder.resolve("table.yaml");
    Cancellation cancellation = new Cancellation();
    cancellation.request();
    String[] command = {
      "latency-table", "tiny", "--output", table.toString(), "--repeats", "6", "--warm-up", "0"
    };
    Outcome stopped = run(cancellation, command);
    assertEquals(130, stopped.code(), stopped.err());
    assertTrue(stopped.err().contains("interrupted before anything was kept"), stopped.err());
    assertFalse(Files.exists(table));
    // All but the last block, of three lines.
    assertEquals(0, run(command).code());
    List<String> lines = Files.readAllLines(table);
    Path part = folder.resolve("table.yaml.part");
    Files.write(part, lines.subList(0, lines.size() - 3));
    Files.delete(table);
    stopped = run(cancellation, command);
    assertTrue(stopped.err().contains("goes on from " + part), stopped.err());
    List<String> otherwise = new ArrayList<>(List.of(command));
    otherwise.set(5, "7");
    Outcome refused = run(otherwise.toArray(new String[0]));
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("was measured otherwise"), refused.err());
    assertEquals(0, run(command).code());
    assertFalse(Files.exists(part));
    assertEquals(
        lines.subList(0, lines.size() - 3), Files.readAllLines(table).subList(0, lines.size() - 3));
    assertEquals(2, run(command).code(), "a finished table is not measured again unasked");
  }

  @Test
  void listsAndHelpAreForPeopleAndMachines() {
    assertTrue(run("list", "problems").out().contains("NAT-digits"));
    JsonArray algorithms =
        JsonParser.parseString(run("list", "algorithms", "--json").out()).getAsJsonArray();
    assertTrue(
        algorithms.asList().stream()
            .anyMatch(a -> a.getAsJsonObject().get("name").getAsString().equals("NAT-quick")));
    assertTrue(run("list", "operators").out().contains("nat.pm"));
    assertTrue(run("list", "metrics").out().contains("madds-published"));
    for (String[] command :
        new String[][] {{}, {"help"}, {"--help"}, {"help", "search"}, {"search", "--help"}}) {
      Outcome outcome = run(command);
      assertEquals(0, outcome.code());
      assertTrue(outcome.out().contains("search"), outcome.out());
    }
  }

  @Test
  void aRequestToStopIsAnInterruptionAndNothingIsLost() {
    Cancellation cancellation = new Cancellation();
    cancellation.request();
    Path run = folder.resolve("run");
    Outcome outcome =
        run(cancellation, "search", "tiny", "--seed", "2", "--output", run.toString());
    assertEquals(130, outcome.code());
    assertTrue(
        outcome.err().contains("--resume goes on from what is cached of the warm-up"),
        outcome.err());
    assertEquals(
        0, run("search", "tiny", "--quiet", "--resume", "--output", run.toString()).code());
  }

  static Outcome run(String... arguments) {
    return run(new Cancellation(), arguments);
  }

  static Outcome run(Cancellation cancellation, String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
      int code = Nat.run(arguments, cancellation);
      return new Outcome(
          code,
          printed.toString(StandardCharsets.UTF_8),
          complained.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
