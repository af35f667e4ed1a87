package io.github.moeanat.algorithm;

import java.util.List;
import java.util.stream.Stream;

/**
 * Who is measured next.
 *
 * @param kept members of the archive that stay
 * @param fresh genotypes that are measured for the first time
 */
record Selection(List<Genotype> kept, List<Genotype> fresh) {

  List<Genotype> members() {
    return Stream.concat(kept.stream(), fresh.stream()).toList();
  }
}
