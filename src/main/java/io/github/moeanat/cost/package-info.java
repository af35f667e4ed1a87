/**
 * What a subnet costs without running it: multiply-adds, parameters and activation memory in closed
 * form, latency by a table. The main type is {@link io.github.moeanat.cost.SubnetCost}. Measured
 * costs, and the files that tables are read from, do not belong here.
 */
package io.github.moeanat.cost;
