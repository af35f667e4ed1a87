package io.github.moeanat.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalCheckTest {

  @ParameterizedTest
  @CsvSource({
    "     , xterm, /dev/pts/3 , false, true",
    "     , xterm, /dev/tty1  , false, true",
    "     , xterm, /tmp/log   , true , false",
    "     , xterm, pipe:[1234], true , false",
    "     , xterm, /dev/null  , true , false",
    "     , dumb , /dev/pts/3 , true , false",
    "     , xterm,            , true , true",
    "     , xterm,            , false, false",
    "false, xterm, /dev/pts/3 , true , false",
    "true , dumb , /tmp/log   , false, true"
  })
  void standardErrorDecidesUnlessToldOtherwise(
      String decided, String term, String device, boolean console, boolean expected) {
    assertEquals(
        expected,
        TerminalCheck.isTerminal(
            Optional.ofNullable(decided),
            Map.of("TERM", term),
            Optional.ofNullable(device),
            console));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "1499, 1s",
    "59600, 1m00s",
    "65000, 1m05s",
    "3599999, 1h00m",
    "7380000, 2h03m",
    "100800000, 1d04h",
    "-5000, 0s"
  })
  void durationsAreShort(long millis, String text) {
    assertEquals(text, Durations.format(Duration.ofMillis(millis)));
  }
}
