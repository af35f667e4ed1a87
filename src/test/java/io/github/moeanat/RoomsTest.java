package io.github.moeanat;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.github.moeanat.data.DataSet;
import io.github.moeanat.data.TestData;
import io.github.moeanat.evaluation.TestEvaluator;
import io.github.moeanat.jmetal.JMetalAlgorithms;
import io.github.moeanat.supernet.PyTorch;
import java.util.List;
import java.util.regex.Pattern;
import org.moeaframework.analysis.tools.Main;

/** Which room may use which: a room uses those before it in the list only. */
@AnalyzeClasses(
    packages = "io.github.moeanat",
    importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {

  private static final String ROOT = "io.github.moeanat.";
  private static final List<String> ORDER =
      List.of(
          "internal",
          "space",
          "cost",
          "data",
          "supernet",
          "training",
          "evaluation",
          "surrogate",
          "operator",
          "problem",
          "algorithm",
          "jmetal",
          "experiment",
          "cli");

  @ArchTest
  static void roomsUseOnlyThoseBeforeThem(JavaClasses all) {
    for (int i = 0; i < ORDER.size() - 1; i++) {
      String[] later =
          ORDER.subList(i + 1, ORDER.size()).stream()
              .map(room -> ROOT + room + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(ROOT + ORDER.get(i) + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(later)
          .check(all);
    }
  }

  @ArchTest
  static final ArchRule EVERY_CLASS_HAS_A_ROOM =
      classes()
          .should()
          .resideInAnyPackage(
              ORDER.stream().map(room -> ROOT + room + "..").toArray(String[]::new));

  @ArchTest
  static final ArchRule SPACE_AND_COST_ARE_PLAIN_JAVA =
      classes()
          .that()
          .resideInAnyPackage(ROOT + "space..", ROOT + "cost..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", ROOT + "internal..", ROOT + "space..", ROOT + "cost..");

  @ArchTest
  static final ArchRule THE_ALGORITHM_KNOWS_NO_NETWORK =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "algorithm..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ROOT + "supernet..", ROOT + "training..", ROOT + "evaluation..", "ai.djl..");

  @ArchTest
  static final ArchRule SURROGATES_KNOW_NO_ENGINE =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "surrogate..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.djl..", ROOT + "data..", ROOT + "space..");

  @ArchTest
  static final ArchRule TRAINING_AND_EVALUATION_ARE_NEIGHBOURS =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "evaluation..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + "training..");

  @ArchTest
  static final ArchRule ONE_ROOM_KNOWS_JMETAL_AND_NONE_NEEDS_IT =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "jmetal..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.uma.jmetal..", ROOT + "jmetal..");

  @ArchTest
  static final ArchRule WHAT_IS_LOADED_WITHOUT_JMETAL_DOES_NOT_NAME_IT =
      noClasses()
          .that()
          .belongToAnyOf(JMetalAlgorithms.class)
          .or()
          .haveSimpleName("JMetalMethod")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.uma.jmetal..");

  // What MOEA Framework 5.1 removed, made anew or deprecated.
  @ArchTest
  static final ArchRule VERSIONS_5_0_AND_5_1_OF_THE_FRAMEWORK_WILL_DO =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.moeaframework.analysis.store..", "org.moeaframework.analysis.plot..")
          .orShould()
          .callMethodWhere(
              target(owner(assignableTo(Main.class))).and(target(name("registerTool"))));

  @ArchTest
  static final ArchRule ONE_CLASS_STARTS_THE_ENGINE =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(PyTorch.class.getName())
          .and()
          .haveNameNotMatching(Pattern.quote(PyTorch.class.getName()) + "\\$.*")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl.engine..");

  @ArchTest
  static final ArchRule TEST_IMAGES_ARE_KNOWN_WHERE_REPORTS_ARE_MADE =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + "data..", ROOT + "experiment..")
          .and()
          .doNotHaveFullyQualifiedName(TestEvaluator.class.getName())
          .should()
          .dependOnClassesThat()
          .areAssignableTo(TestData.class);

  @ArchTest
  static final ArchRule NO_SEARCH_REACHES_TEST_IMAGES =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + "training..", ROOT + "problem..", ROOT + "algorithm..")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(TestData.class, TestEvaluator.class)
          .orShould()
          .callMethod(DataSet.class, "test");
}
