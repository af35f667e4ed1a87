/**
 * How fast this machine measures and trains: every figure that is promised for the engine, ratios
 * in one run. The main type is {@link io.github.moeanat.experiment.bench.Bench}. Latencies of
 * single subnets for users are in the package above.
 */
package io.github.moeanat.experiment.bench;
