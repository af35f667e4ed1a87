package io.github.moeanat.supernet;

import java.util.List;

/**
 * One tensor of a network.
 *
 * @param name OFA's name
 * @param role what it is used for
 * @param shape dimensions as in OFA's files; empty for a counter
 */
record TensorShape(String name, Role role, List<Integer> shape) {

  /** What a tensor is used for, which decides how it starts and where it is kept. */
  enum Role {
    /** Filters {@code [out, in / groups, k, k]}. */
    FILTERS,
    /** 1x1 filters {@code [out, in, 1, 1]} that only ever see pooled features. */
    POOLED,
    /** Linear layer {@code [out, in]}. */
    LINEAR,
    /** Kernel transform {@code [k*k, k*k]}. */
    TRANSFORM,
    /** Scale of a batch normalisation {@code [channels]}. */
    SCALE,
    /** Bias {@code [channels]}. */
    BIAS,
    /** Running mean {@code [channels]}. */
    MEAN,
    /** Running variance {@code [channels]}. */
    VARIANCE,
    /** Batches that the running statistics have seen. */
    COUNTER
  }

  /** Number of values. */
  int size() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  boolean isParameter() {
    return !isStatistic() && role != Role.COUNTER;
  }

  boolean isStatistic() {
    return role == Role.MEAN || role == Role.VARIANCE;
  }

  /** The shape that a forward pass asks for: pooled features need no spatial axes. */
  long[] usedShape() {
    int axes = role == Role.POOLED ? 2 : shape.size();
    return shape.stream().limit(axes).mapToLong(Integer::longValue).toArray();
  }
}
