package io.github.moeanat.experiment.bench;

import io.github.moeanat.cost.SharedPrefixes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a walk over common beginnings of candidates would save. */
final class SharingSection {

  private SharingSection() {}

  static Figure figure(Candidates candidates) {
    SharedPrefixes shared = SharedPrefixes.of(candidates.subnets(), candidates.problem()::network);
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("subnets", shared.subnets());
    details.put("alike_up_to_resolution_and_stem", shared.begunAlike().get(0));
    for (int stage = 1; stage < shared.begunAlike().size(); stage++) {
      details.put("alike_up_to_stage_" + stage, shared.begunAlike().get(stage));
    }
    details.put("m_madds", shared.madds() / 1e6);
    details.put("m_madds_as_a_tree", shared.treeMadds() / 1e6);
    details.put("genes", candidates.genes());
    return new Figure(
        BenchSection.SHARING,
        "multiply-adds saved by sharing prefixes, " + candidates.description(),
        100 * shared.saved(),
        "%",
        Optional.empty(),
        details);
  }
}
