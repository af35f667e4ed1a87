/**
 * What a subnet costs, in closed form: multiply-adds and parameters. The main type is {@link
 * io.github.moeanat.cost.SubnetCost}. Measured costs do not belong here.
 */
package io.github.moeanat.cost;
