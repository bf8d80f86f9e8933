package dev.lifeboat.examples.quickstart;

import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.CipherInputStream;
import javax.crypto.CipherOutputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The house as it is drawn: which package may see which, and what nobody may use. */
class HouseTest {
  private static final JavaClasses HOUSE = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages("dev.lifeboat");

  /** Each package and those of ours that it may see. */
  private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
      entry(
          "dev.lifeboat",
          Set.of(
              "layout",
              "retention",
              "catalog",
              "source",
              "sink",
              "codec",
              "crypto",
              "json",
              "sum")),
      entry("dev.lifeboat.layout", Set.of("catalog", "codec", "sink", "source")),
      entry("dev.lifeboat.retention", Set.of("catalog", "sum")),
      entry("dev.lifeboat.catalog", Set.of("source", "sink", "json", "sum")),
      entry("dev.lifeboat.source", Set.of()),
      entry("dev.lifeboat.sink", Set.of()),
      entry("dev.lifeboat.codec", Set.of()),
      entry("dev.lifeboat.crypto", Set.of("codec", "json")),
      entry("dev.lifeboat.json", Set.of()),
      entry("dev.lifeboat.sum", Set.of()),
      entry("dev.lifeboat.sqlite", Set.of("source", "catalog", "sink")),
      entry("dev.lifeboat.storage.local", Set.of("sink")));

  @TestFactory
  List<DynamicTest> everyPackageSeesOnlyWhatIsDrawn() {
    List<DynamicTest> tests = new ArrayList<>();
    ARROWS.forEach((from, allowed) -> tests.add(DynamicTest.dynamicTest(from, () -> {
      List<String> seen =
          new ArrayList<>(allowed.stream().map(name -> "dev.lifeboat." + name).toList());
      seen.add(from);
      String[] packages = seen.toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(from)
          .should()
          .dependOnClassesThat(DescribedPredicate.describe(
              "are ours and not of " + Arrays.toString(packages),
              type -> type.getPackageName().startsWith("dev.lifeboat")
                  && !seen.contains(type.getPackageName())))
          .check(HOUSE);
    })));
    return tests;
  }

  @Test
  void everyPackageIsDrawn() {
    classes()
        .that()
        .resideOutsideOfPackage("dev.lifeboat.examples..")
        .should()
        .resideInAnyPackage(ARROWS.keySet().toArray(String[]::new))
        .check(HOUSE);
  }

  @Test
  void arrowsFormNoCircle() {
    slices().matching("dev.lifeboat.(**)").should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void onlyJsonKnowsJackson() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.lifeboat.json")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.fasterxml..")
        .check(HOUSE);
  }

  @Test
  void onlyCodecKnowsZstd() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.lifeboat.codec")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.github.luben..")
        .check(HOUSE);
  }

  @Test
  void nobodyUsesWhatLosesData() {
    for (Class<?> banned : List.of(
        CipherInputStream.class,
        CipherOutputStream.class,
        HttpURLConnection.class,
        ObjectInputStream.class,
        Date.class)) {
      noClasses().should().dependOnClassesThat().areAssignableTo(banned).check(HOUSE);
    }
  }

  /** It reports success and does nothing. */
  @Test
  void nobodyRestoresByTheDriver() {
    noCallsOf("restore", "org.sqlite").check(HOUSE);
  }

  @Test
  void timeComesFromAClock() {
    noClasses().should().callMethod(System.class, "currentTimeMillis").check(HOUSE);
    noClasses().should().callMethod(Instant.class, "now").check(HOUSE);
    for (String type : List.of(
        "LocalDate", "LocalDateTime", "ZonedDateTime", "OffsetDateTime", "LocalTime", "Year")) {
      noCallsOf("now", "java.time." + type).check(HOUSE);
    }
    noClasses()
        .that()
        .doNotHaveSimpleName("SeriesBuilder") // where the default clock is chosen
        .should()
        .dependOnClassesThat(DescribedPredicate.describe("are the system's clock", type -> false))
        .orShould(callMethodWhere(calls("systemUTC", Clock.class.getName())))
        .orShould(callMethodWhere(calls("systemDefaultZone", Clock.class.getName())))
        .check(HOUSE);
  }

  private static ArchRule noCallsOf(String method, String ownerPrefix) {
    return noClasses().should(callMethodWhere(calls(method, ownerPrefix)));
  }

  private static DescribedPredicate<JavaMethodCall> calls(String method, String ownerPrefix) {
    return DescribedPredicate.describe(
        "call " + ownerPrefix + "…" + method,
        (JavaCall<?> call) -> call.getName().equals(method)
            && call.getTargetOwner().getName().startsWith(ownerPrefix));
  }
}
