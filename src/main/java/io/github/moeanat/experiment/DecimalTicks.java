package io.github.moeanat.experiment;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.TickUnit;
import org.jfree.chart.axis.TickUnitSource;

/**
 * Ticks at 1, 2 or 5 times a power of ten, labelled with just the decimals these need and alike in
 * every locale, which none of the chart library's own sources does.
 */
record DecimalTicks() implements TickUnitSource {

  private static final double[] STEPS = {1, 2, 5, 10};
  private static final double ROUNDING = 1e-9;

  @Override
  public TickUnit getLargerTickUnit(TickUnit unit) {
    return getCeilingTickUnit(unit.getSize() * (1 + 10 * ROUNDING));
  }

  @Override
  public TickUnit getCeilingTickUnit(TickUnit unit) {
    return getCeilingTickUnit(unit.getSize());
  }

  @Override
  public TickUnit getCeilingTickUnit(double size) {
    double power = Math.pow(10, Math.floor(Math.log10(size)));
    double step = 10 * power;
    for (int i = STEPS.length - 1; i >= 0 && STEPS[i] * power >= size * (1 - ROUNDING); i--) {
      step = STEPS[i] * power;
    }
    int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step) - ROUNDING));
    DecimalFormat format = new DecimalFormat("0", DecimalFormatSymbols.getInstance(Locale.ROOT));
    format.setMinimumFractionDigits(decimals);
    format.setMaximumFractionDigits(decimals);
    return new NumberTickUnit(step, format);
  }
}
